import { ListUsersCommand, type IAMClient } from '@aws-sdk/client-iam';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import type { ActorClients, SdkCredentials } from './clients.js';
import type { Attempt, Stage } from './stage.js';

/** Whose policies a credential acts by. */
export type Principal = { readonly kind: 'user' | 'role' | 'root'; readonly name: string; readonly arn: string };

/** What GetCallerIdentity and the kind of credential tell of it. */
export type Identified = {
  readonly principal: Principal;
  /** Sessions of GetSessionToken and GetFederationToken call no IAM (STS API reference, "Permissions"). */
  readonly callsIam: boolean;
  readonly isLongTerm: boolean;
};

/** One credential of an attacker. */
export type Foothold = Identified & {
  readonly keyId: string;
  readonly clients: ActorClients;
  /** Whether it did something when last tried. */
  works: boolean;
};

/** Every credential an attacker has got. */
export interface Arsenal {
  /** Oldest first; the first is what he came in with. */
  readonly footholds: readonly Foothold[];
  /** Adds a credential, and with it a place to come back from. */
  gain(credentials: SdkCredentials): Foothold;
  holds(keyId: string): boolean;
  /** Makes a call of IAM with the first credential that is let; a few are tried. */
  byIam<T>(stage: Stage, call: (iam: IAMClient, by: Foothold) => Promise<T>): Promise<Attempt<T>>;
  /** Finds out whether a credential still does something. */
  check(stage: Stage, foothold: Foothold): Promise<boolean>;
}

/** What an arsenal needs. */
export interface ArsenalDeps {
  readonly identify: (accessKeyId: string) => Identified;
  readonly clientsFor: (credentials: SdkCredentials) => ActorClients;
  readonly onGain: (accessKeyId: string) => void;
}

/** How many credentials are tried for one call. */
const TRIES = 3;

const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation']);
const DEAD = new Set(['InvalidClientTokenId', 'ExpiredToken', 'AuthFailure', 'UnrecognizedClientException']);

/** Whether a call failed for its caller, not for what it asked. */
export function isRefusal(errorCode: string): boolean {
  return DENIED.has(errorCode) || DEAD.has(errorCode);
}

/** Makes an empty arsenal. */
export function createArsenal({ identify, clientsFor, onGain }: ArsenalDeps): Arsenal {
  const footholds: Foothold[] = [];

  /** Those that work; when none does, the oldest and the newest, because a refusal may end. */
  const candidates = (): Foothold[] => {
    const able = footholds.filter(({ callsIam }) => callsIam);
    const working = able.filter(({ works }) => works);
    return working.length > 0 ? working.slice(0, TRIES) : [...new Set([...able.slice(0, 1), ...able.slice(-1)])];
  };

  return {
    footholds,
    gain: (credentials) => {
      const foothold = {
        keyId: credentials.accessKeyId,
        clients: clientsFor(credentials),
        works: true,
        ...identify(credentials.accessKeyId),
      };
      footholds.push(foothold);
      onGain(foothold.keyId);
      return foothold;
    },
    holds: (wanted) => footholds.some(({ keyId }) => keyId === wanted),
    byIam: async (stage, call) => {
      let last: Attempt<never> = { allowed: false, errorCode: 'NoCredentials' };
      for (const foothold of candidates()) {
        const attempt = await stage.attempt(call(foothold.clients.iam, foothold));
        if (attempt.allowed || !isRefusal(attempt.errorCode)) return attempt;
        if (DEAD.has(attempt.errorCode)) foothold.works = false;
        last = attempt;
      }
      return last;
    },
    check: async (stage, foothold) => {
      const { iam, ec2 } = foothold.clients;
      const call = foothold.callsIam ? iam.send(new ListUsersCommand({ MaxItems: 1 })) : ec2.send(new DescribeInstancesCommand({}));
      foothold.works = (await stage.attempt<unknown>(call)).allowed;
      return foothold.works;
    },
  };
}
