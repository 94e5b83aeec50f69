import type { AwsClientOptions } from '../adapters/aws/clients.js';
import type { Env } from '../config/env.js';

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Keys of a range's identities; without one the SDK's default chain, or the profile in the configuration. */
export interface AwsKeys {
  readonly responder: Key;
  /** Who may become the orchestrator of an organization. */
  readonly orchestrator?: Key | undefined;
  readonly restorer?: Key;
  readonly collector?: Key;
}

/** How each identity reaches AWS: orchestrator opens the roles of an organization's accounts; in one account responder reads and contains, restorer removes and issues, collector puts evidence. */
export type AwsIdentities = Record<'orchestrator' | 'responder' | 'restorer' | 'collector', AwsClientOptions>;

/** The identities of this installation. */
export function awsIdentities({ awsEndpoint: endpoint, restorerProfile, collectorProfile }: Env, keys: AwsKeys | undefined): AwsIdentities {
  const identity = (key: Key | undefined, profile?: string): AwsClientOptions => ({
    endpoint,
    ...(key === undefined ? {} : { credentials: { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey } }),
    ...(profile === undefined ? {} : { profile }),
  });
  return {
    orchestrator: identity(keys?.orchestrator ?? keys?.responder),
    responder: identity(keys?.responder),
    restorer: identity(keys?.restorer ?? keys?.responder, restorerProfile),
    collector: identity(keys?.collector ?? keys?.responder, collectorProfile),
  };
}
