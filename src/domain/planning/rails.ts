import type { Rails } from '../../contracts/policies.js';
import type { Principal } from '../../contracts/principal.js';

/**
 * Why nothing may be written about this principal: allow-list, never-touch list, our own identity.
 * Asked when planning and again inside every writing activity (aws-domain 4).
 */
export function railRefusals(
  principal: Pick<Principal, 'account' | 'arn' | 'uniqueId'>,
  known: { rails: Rails; ourArn: string; ourIds: readonly string[] },
): string[] {
  const { rails } = known;
  const refusals: string[] = [];
  if (!rails.accounts.includes(principal.account)) refusals.push(`account ${principal.account} is not on the allow-list of rails.yaml`);
  for (const row of rails.neverTouch) {
    if (matchesGlob(row.arn, principal.arn)) refusals.push(`${principal.arn} is on the never-touch list (${row.arn}): ${row.why}`);
  }
  // A session's unique id is `AROA…:session`; the part before the colon is the role's own.
  const ours = known.ourIds.map((id) => id.split(':')[0]);
  if (principal.arn === known.ourArn || ours.includes(principal.uniqueId))
    refusals.push(`${principal.arn} is our own identity, or one we act through: the deny would lock us out`);
  return refusals;
}

/** Glob over an ARN: `*` matches anything, everything else itself, case ignored (a hit refuses, so wider is safer). */
export function matchesGlob(pattern: string, text: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i').test(text);
}
