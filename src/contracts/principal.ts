import { z } from 'zod';
import { AccountId, Id, Instant } from './primitives.js';

/** Principal kinds this version contains (aws-domain 1.1). `root` is the root user of a member account. */
export const PrincipalKind = z.enum(['user', 'role', 'identityCenterUser', 'root']);
export type PrincipalKind = z.infer<typeof PrincipalKind>;

/** More sessions of one role than this are not stopped one by one, but the role as a whole. */
export const MAX_SINGLE_SESSIONS = 20;

/**
 * A principal as AWS describes it. `uniqueId` (AIDA…, AROA…; of an Identity Center user its user id, of root the account) is
 * re-checked before every write: names are re-used, ids are not.
 */
export const Principal = z.strictObject({
  account: AccountId,
  kind: PrincipalKind,
  /** Without path. */
  name: Id,
  arn: Id,
  uniqueId: Id,
  /** Names of the sessions of a role that are known to be the intruder's; where others use the role, only these are stopped. One too many says that there are more. */
  sessions: z
    .array(Id)
    .max(MAX_SINGLE_SESSIONS + 1)
    .optional(),
  /** `incident/<account>/<kind>/<name, lower-cased>`: the id of its incident workflow. */
  lockId: Id,
  /** Subjects of `people.yaml` linked to this principal: they never consent to what happens to it. */
  ownerSubjects: z.array(z.string()),
});
export type Principal = z.infer<typeof Principal>;

/** Answer of `resolvePrincipal`. A lock is always given, so that an incident can open on what is known. */
export const Resolution = z.discriminatedUnion('found', [
  z.strictObject({ found: z.literal(true), principal: Principal, accessKeyId: z.string().optional(), resolvedAt: Instant }),
  z.strictObject({
    found: z.literal(false),
    why: z.enum(['deleted', 'foreign', 'unknown', 'unreadable', 'unsupported']),
    detail: z.string(),
    lockId: Id,
  }),
]);
export type Resolution = z.infer<typeof Resolution>;

/** The workflow id of a resolution's incident. */
export function lockOf(resolution: Resolution): string {
  return resolution.found ? resolution.principal.lockId : resolution.lockId;
}

const INCIDENT_PREFIX = 'incident/';
const CONTAINMENT_PREFIX = 'containment/';

/** `incident/<rest>` → `containment/<rest>`: the lock of the one containment a principal can have. */
export function containmentIdFor(lockId: string): string {
  return CONTAINMENT_PREFIX + (lockId.startsWith(INCIDENT_PREFIX) ? lockId.slice(INCIDENT_PREFIX.length) : lockId);
}
