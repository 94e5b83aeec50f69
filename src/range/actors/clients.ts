import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';
import type { RangeRequestHandler } from '../wire/request-handler.js';

/** A credential in the SDK's words. */
export type SdkCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** Who an actor appears to be on the wire. */
export type Appearance = { readonly actor: string; readonly address: string; readonly userAgent: string };

/** How actors reach the range: over its socket when it has one. */
export type Connection = { readonly endpoint: string; readonly requestHandler: RangeRequestHandler };

/** The SDK clients of one credential of one actor. */
export interface ActorClients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly cloudtrail: CloudTrailClient;
  readonly ec2: EC2Client;
}

/** After the SDK's own user agent, before signing. */
const LATE_IN_BUILD = { step: 'build', priority: 'low', name: 'stateAppearance' } as const;

/** Makes unmodified SDK clients, each when it is first used, that state their address, agent and name by header, and sign that too. */
export function createActorClients(
  connection: Connection,
  { credentials, appearance }: { credentials: SdkCredentials; appearance: Appearance },
): ActorClients {
  // Read late: the range listens once its actors are there.
  const config = () => ({
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    ...(connection.endpoint === ''
      ? { endpoint: 'http://range.invalid', requestHandler: connection.requestHandler }
      : { endpoint: connection.endpoint }),
  });
  let iam: IAMClient | undefined;
  let sts: STSClient | undefined;
  let cloudtrail: CloudTrailClient | undefined;
  let ec2: EC2Client | undefined;
  // One by one, not by a loop: each client's stack has its own types.
  return {
    get iam() {
      if (iam === undefined) {
        iam = new IAMClient(config());
        iam.middlewareStack.add((next) => (args) => next(stated(args, appearance)), LATE_IN_BUILD);
      }
      return iam;
    },
    get sts() {
      if (sts === undefined) {
        sts = new STSClient(config());
        sts.middlewareStack.add((next) => (args) => next(stated(args, appearance)), LATE_IN_BUILD);
      }
      return sts;
    },
    get cloudtrail() {
      if (cloudtrail === undefined) {
        cloudtrail = new CloudTrailClient(config());
        cloudtrail.middlewareStack.add((next) => (args) => next(stated(args, appearance)), LATE_IN_BUILD);
      }
      return cloudtrail;
    },
    get ec2() {
      if (ec2 === undefined) {
        ec2 = new EC2Client(config());
        ec2.middlewareStack.add((next) => (args) => next(stated(args, appearance)), LATE_IN_BUILD);
      }
      return ec2;
    },
  };
}

/** Writes the appearance into a request's headers. */
function stated<T extends { readonly request: unknown }>(args: T, { actor, address, userAgent }: Appearance): T {
  if (HttpRequest.isInstance(args.request)) {
    Object.assign(args.request.headers, {
      'user-agent': userAgent,
      'x-amz-user-agent': userAgent,
      'x-range-source-ip': address,
      'x-range-actor': actor,
    });
  }
  return args;
}
