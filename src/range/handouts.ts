import type { Clock } from './clock/clock.js';
import { metadataCredentials, type MetadataVersion } from './ec2/instance-credentials.js';
import type { Instances } from './ec2/instances.js';
import type { Credential } from './iam/credentials.js';
import { functionCredentials } from './lambda/function-credentials.js';
import type { Functions } from './lambda/functions.js';
import type { Random } from './random/random.js';
import type { Tenant } from './server/tenant.js';
import type { IdentityCenter } from './sso-admin/identity-center.js';
import { signIn, type SignIn } from './sso-admin/sign-in.js';

/** A session's key as the SDK takes it. */
export type SessionKey = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ISO 8601. */
  readonly expiresAt: string;
};

/**
 * Credentials that AWS hands to workloads and people without a call of theirs to STS. Whoever gets into a workload, or has a
 * person's browser, gets the same: this is how a test or an actor steals them.
 */
export interface Handouts {
  /** What the metadata service of an instance answers now; undefined when it answers nothing. Version 2.0 needs a session token. */
  instance(id: string, version?: MetadataVersion): SessionKey | undefined;
  /** What the environment of a function holds when it is invoked now; undefined when it cannot be invoked. */
  lambda(name: string): SessionKey | undefined;
  /** A role session from the access portal. @throws Error without an assignment, or without an Identity Center */
  accessPortal(wanted: Omit<SignIn, 'at'>): SessionKey;
}

/** What hands out: the services of every account, and the organization's Identity Center. */
export interface HandoutDeps {
  readonly services: readonly (Tenant & { readonly instances: Instances; readonly functions: Functions })[];
  readonly identityCenter: IdentityCenter | undefined;
  readonly recorderOf: (accountId: string) => Tenant['recorder'];
  readonly clock: Clock;
  readonly random: Random;
}

/** Joins what hands out credentials. @throws Error for an instance or a function that is not there, in each of the methods */
export function createHandouts({ services, identityCenter: center, recorderOf, clock, random }: HandoutDeps): Handouts {
  return {
    instance: (id, version = '2.0') => {
      for (const { account, recorder, instances } of services) {
        const instance = instances.all().find((one) => one.id === id);
        if (instance !== undefined)
          return keyOf(metadataCredentials({ account, recorder, random }, { instance, version, at: clock.now() }));
      }
      throw new Error(`there is no instance ${id}`);
    },
    lambda: (name) => {
      for (const { account, recorder, functions } of services) {
        const lambda = functions.all().find((one) => one.name === name);
        if (lambda !== undefined) return keyOf(functionCredentials({ account, recorder, random }, { lambda, at: clock.now() }));
      }
      throw new Error(`there is no function ${name}`);
    },
    accessPortal: (wanted) => {
      if (center === undefined) throw new Error('the scenario has no Identity Center');
      return toKey(signIn({ center, recorderOf, random }, { ...wanted, at: clock.now() }));
    },
  };
}

function keyOf(credential: Credential | undefined): SessionKey | undefined {
  return credential === undefined ? undefined : toKey(credential);
}

function toKey({ accessKeyId, secretAccessKey, session }: Credential): SessionKey {
  if (session === undefined) throw new Error(`${accessKeyId} is no session`);
  return { accessKeyId, secretAccessKey, sessionToken: session.token, expiresAt: new Date(session.expiresAt).toISOString() };
}
