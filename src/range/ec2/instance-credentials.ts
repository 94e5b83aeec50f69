import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import type { Role } from '../iam/model.js';
import { issueServiceSession, type ServiceSessionDeps } from '../sts/service-session.js';
import { trustsService } from '../sts/trust.js';
import type { Ec2Instance } from './instances.js';

const EC2 = 'ec2.amazonaws.com';

/** EC2 hands out credentials about this long after a launch or a change of the profile, and they live this long ("typically 6 hours", EC2 user guide). */
const AFTER_MS = 1000;
const LIFE_MS = 6 * 3_600_000;

/** New credentials are there at least this long before the old ones expire (EC2 user guide, "Retrieve security credentials from instance metadata"). */
const RENEWED_MS = 5 * 60_000;

/** Which version of the metadata service is asked; CloudTrail shows it as `ec2RoleDelivery`. */
export type MetadataVersion = '1.0' | '2.0';

/** One question to the metadata service. */
export type MetadataRequest = { readonly instance: Ec2Instance; readonly version: MetadataVersion; readonly at: number };

/**
 * Gives an instance the credentials of its profile's role. They are the launcher's to use, because he chose the user data, and
 * they outlive a stop, a termination and a change of the profile (aws-domain 1.1).
 * Does nothing when it has them already, without a role, or when the role does not trust EC2: then it runs without credentials.
 */
export function issueInstanceCredentials(deps: ServiceSessionDeps, { instance, at }: { instance: Ec2Instance; at: number }): void {
  credentialsFor(deps, { instance, version: '2.0', at: at + AFTER_MS });
}

/**
 * What the metadata service of a running instance answers: the credentials of the role that its profile holds now, renewed
 * shortly before they expire. Whoever can make the instance fetch a page of his choice gets the same, which is how they are
 * stolen; version 1.0 needs no session token and answers unless the instance requires tokens.
 *
 * @returns undefined when the instance is not running, its metadata service is off or requires tokens and is asked without one,
 * or it has no role to hand out
 */
export function metadataCredentials(deps: ServiceSessionDeps, { instance, version, at }: MetadataRequest): Credential | undefined {
  const { tokens, endpoint } = instance.metadata;
  const isHeard = endpoint === 'enabled' && (version === '2.0' || tokens === 'optional');
  if (instance.state !== 'running' || !isHeard) return undefined;
  return credentialsFor(deps, { instance, version, at });
}

function credentialsFor(deps: ServiceSessionDeps, { instance, version, at }: MetadataRequest): Credential | undefined {
  const role = roleIn(deps.account, instance);
  if (role === undefined) return undefined;
  const current = deps.account.credentials.all().findLast(({ bearer, session }) => {
    const isIts = bearer.kind === 'role' && bearer.role === role && bearer.sessionName === instance.id;
    return isIts && session?.ec2RoleDelivery === version && session.expiresAt - RENEWED_MS > at;
  });
  if (current !== undefined) return current;
  if (!trustsService(role, { service: EC2, at })) return undefined;
  return issueServiceSession(deps, {
    role,
    service: EC2,
    sessionName: instance.id,
    region: instance.region,
    issuedAt: Math.floor(at / 1000) * 1000,
    lifeMs: LIFE_MS,
    ec2RoleDelivery: version,
    origin: instance.launchedBy,
  });
}

/** The role as configured: EC2 asks again until a new profile has arrived everywhere. */
function roleIn({ instanceProfiles, roles }: Account, { association }: Ec2Instance): Role | undefined {
  const found = instanceProfiles.list().find(({ arn }) => arn === association?.profile.arn);
  return roles.find(found?.role.latest() ?? '');
}
