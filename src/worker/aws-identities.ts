import type { AwsClientOptions } from '../adapters/aws/clients.js';
import type { Env } from '../config/env.js';

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Keys of a range's identities; without one the SDK's default chain, or the profile in the configuration. */
export interface AwsKeys {
  readonly responder: Key;
  readonly restorer?: Key;
  readonly collector?: Key;
}

/** How each identity reaches AWS: responder reads and contains, restorer removes and issues, collector puts evidence. */
export type AwsIdentities = Record<'responder' | 'restorer' | 'collector', AwsClientOptions>;

/** The identities of this installation. */
export function awsIdentities({ awsEndpoint: endpoint, restorerProfile, collectorProfile }: Env, keys: AwsKeys | undefined): AwsIdentities {
  const identity = (key: Key | undefined, profile?: string): AwsClientOptions => ({
    endpoint,
    ...(key === undefined ? {} : { credentials: { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey } }),
    ...(profile === undefined ? {} : { profile }),
  });
  return {
    responder: identity(keys?.responder),
    restorer: identity(keys?.restorer ?? keys?.responder, restorerProfile),
    collector: identity(keys?.collector ?? keys?.responder, collectorProfile),
  };
}
