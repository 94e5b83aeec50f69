import { sha256Of } from '../canonical-json.js';
import { isObject } from '../json-value.js';

/** aws-domain 1.2, D1: an explicit deny of everything beats every allow, resource policies of the account included. */
export const DENY_ALL_DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'IRQuarantine', Effect: 'Deny', Action: '*', Resource: '*' }],
});

/** A trust policy that lets nobody in. A trust policy takes no `Resource`. */
export const CLOSED_TRUST_DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'IRQuarantine', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

/** aws-domain 1.2, D4: denies one session of a role and leaves the others. `userId` is `AROA…:<session>`. */
export function denySessionDocument(userId: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'IRQuarantine', Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:userid': userId } } }],
  });
}

/** aws-domain 1.2, D5: denies one Identity Center user inside a permission set that others have too. */
export function denyIdentityCenterUserStatement(userId: string): Readonly<Record<string, unknown>> {
  return {
    // One statement a person: several may be denied in one permission set.
    Sid: `IRQuarantine${sha256Of(userId).slice(0, 12)}`,
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { StringEquals: { 'identitystore:UserId': userId } },
  };
}

/** Inline policies that revoke older sessions are named so. */
export const REVOKE_SESSIONS_PREFIX = 'IRRevokeSessions';

/** aws-domain 1.2, D2: denies every session issued before `revokedAt`; a long-term key has no issue time and is untouched. */
export function revokeSessionsDocument(revokedAt: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'IRRevokeSessions',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': revokedAt } },
      },
    ],
  });
}

/** The moment of a document that `revokeSessionsDocument` made; undefined for any other text. */
export function revokedAtOf(document: string): string | undefined {
  const at = /"aws:TokenIssueTime":"([^"]+)"/.exec(document)?.[1];
  return at !== undefined && !Number.isNaN(Date.parse(at)) && revokeSessionsDocument(at) === document ? at : undefined;
}

/** AWS's own deny-all, used as a permissions boundary: an explicit deny, so nothing slips past it (aws-domain 1.2). */
export const DENY_ALL_BOUNDARY_NAME = 'policy/AWSDenyAll';

/** Does this policy document deny every action on every resource, to everybody, without a condition? */
export function deniesEverything(document: string): boolean {
  const parsed = parse(document);
  if (!isObject(parsed)) return false;
  const statements = Array.isArray(parsed['Statement']) ? parsed['Statement'] : [parsed['Statement']];
  return statements.some(
    (s) => isObject(s) && s['Effect'] === 'Deny' && s['Condition'] === undefined && holdsAll(s['Action']) && holdsAll(s['Resource']),
  );
}

function holdsAll(value: unknown): boolean {
  return value === '*' || (Array.isArray(value) && value.includes('*'));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
