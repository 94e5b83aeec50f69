import type { GrowthCandidate } from '../../contracts/watch.js';
import type { AccountEntity, AccountState } from './account-state.js';

/** Not to be taken for the intruder's: incident response itself, and what only AWS changes. */
const NOT_CANDIDATES = /:(user|role|policy)\/(ir|aws-service-role|aws-reserved)\//;

/**
 * What has appeared or changed since the plan was read (design 9.3): users and roles made since the first suspicious moment, trusts
 * and policies changed since the plan. It says *what*, never *by whom*: CloudTrail does.
 */
export function growthOf(
  before: AccountState | undefined,
  now: AccountState,
  { suspiciousSinceMs, own, seenAt }: { suspiciousSinceMs: number; own: string; seenAt: string },
): GrowthCandidate[] {
  const candidates = [
    ...[...now.users, ...now.roles].flatMap((entity) => entityGrowth(entity, { before, suspiciousSinceMs })),
    ...now.policies.flatMap((policy) => policyGrowth(policy, { before, suspiciousSinceMs })),
  ];
  return candidates.filter(({ arn }) => arn !== own && !NOT_CANDIDATES.test(arn)).map((found) => ({ ...found, seenAt }));
}

type Known = { readonly before: AccountState | undefined; readonly suspiciousSinceMs: number };
type Found = Omit<GrowthCandidate, 'seenAt'>;

function entityGrowth(entity: AccountEntity, { before, suspiciousSinceMs }: Known): Found[] {
  const { arn } = entity;
  if (entity.createdMs >= suspiciousSinceMs) return [{ arn, how: 'made since the first suspicious moment' }];
  const known = [...(before?.users ?? []), ...(before?.roles ?? [])].find((one) => one.arn === arn && one.id === entity.id);
  if (known === undefined) return [];
  const changes = [
    ...(known.trust === entity.trust ? [] : ['trust policy changed since the plan']),
    ...(known.policies === entity.policies ? [] : ['policies changed since the plan']),
  ];
  return changes.length === 0 ? [] : [{ arn, how: changes.join(', ') }];
}

function policyGrowth({ arn, createdMs, defaultVersion }: AccountState['policies'][number], { before, suspiciousSinceMs }: Known): Found[] {
  if (createdMs >= suspiciousSinceMs) return [{ arn, how: 'made since the first suspicious moment' }];
  const known = before?.policies.find((one) => one.arn === arn);
  return known === undefined || known.defaultVersion === defaultVersion ? [] : [{ arn, how: 'version in force changed since the plan' }];
}
