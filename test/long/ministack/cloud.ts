import { Agent } from 'node:http';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient, type Credentials } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';

/** Credentials as the SDK takes them. */
export type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** The clients of the services whose calls are compared. */
export interface Clients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
}

/** One of the two simulated accounts, over HTTP. */
export interface Cloud {
  readonly name: 'range' | 'MiniStack';
  /** Clients of one caller at one address of the loopback network. */
  clientsFor(keys: Keys, sourceIp: string): Clients;
  close(): void;
}

/** Both accounts have this id. */
export const ACCOUNT = '111122223333';

/** Addresses of the loopback network: MiniStack sees the socket's, the range the one that the request states. */
export const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.9.0.1'] as const;

/** After the SDK's own headers, before signing. */
const LATE_IN_BUILD = { step: 'build', priority: 'low', name: 'stateAddress' } as const;

/** Makes unmodified SDK clients for an endpoint; every call is tried once. */
export function createCloud(name: Cloud['name'], endpoint: string): Cloud {
  const agents = new Map<string, Agent>();
  const agentAt = (localAddress: string): Agent => {
    const agent = agents.get(localAddress) ?? new Agent({ localAddress, keepAlive: true });
    agents.set(localAddress, agent);
    return agent;
  };
  return {
    name,
    clientsFor: (credentials, sourceIp) => {
      const requestHandler = { httpAgent: agentAt(sourceIp) };
      const config = { region: 'us-east-1', endpoint, credentials, maxAttempts: 1, requestHandler };
      const clients = {
        iam: new IAMClient(config),
        sts: new STSClient(config),
        s3: new S3Client({ ...config, forcePathStyle: true }),
        secrets: new SecretsManagerClient(config),
      };
      // Four lines, not a loop: each client's stack has its own types.
      clients.iam.middlewareStack.add((next) => (args) => next(stated(args, sourceIp)), LATE_IN_BUILD);
      clients.sts.middlewareStack.add((next) => (args) => next(stated(args, sourceIp)), LATE_IN_BUILD);
      clients.s3.middlewareStack.add((next) => (args) => next(stated(args, sourceIp)), LATE_IN_BUILD);
      clients.secrets.middlewareStack.add((next) => (args) => next(stated(args, sourceIp)), LATE_IN_BUILD);
      return clients;
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

function stated<T extends { readonly request: unknown }>(args: T, sourceIp: string): T {
  if (HttpRequest.isInstance(args.request)) Object.assign(args.request.headers, { 'x-range-source-ip': sourceIp });
  return args;
}

/** What STS handed out, as the SDK takes it. */
export function keysOf({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' }: Partial<Credentials> = {}): Keys {
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** `allowed`, or the SDK's error name. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'allowed',
    (error: unknown) => (error instanceof Error ? error.name : 'not an error'),
  );
}
