import { parsePayload } from '../../../src/contracts/failures.js';
import type { EvidenceRef } from '../../../src/contracts/primitives.js';
import type { GrowthCandidate, WatchInput } from '../../../src/contracts/watch.js';
import { AccountState } from '../../../src/domain/growth/account-state.js';
import { growthOf } from '../../../src/domain/growth/growth-of.js';
import { readAccountState } from '../read-account-state.js';
import { reasonOf } from './read-configuration.js';
import type { Progress, WatchDeps } from './watch-deps.js';

const MAX_GROWTH = 50;

/**
 * Compares the account with its state when the plan was read (aws-domain 2.4, V6): seconds after the fact, where CloudTrail is
 * minutes late. Needs `iam:GetAccountAuthorizationDetails`; what cannot be read is said and ends nothing.
 *
 * @returns candidates that were not told before
 */
export async function findGrowth(
  input: WatchInput,
  { deps, progress }: { deps: WatchDeps; progress: Progress },
): Promise<GrowthCandidate[]> {
  const { accountStateRef, suspiciousSinceAt } = input.approvedPlan;
  if (suspiciousSinceAt === undefined) return [];
  try {
    const seenAt = new Date(deps.nowMs()).toISOString();
    const [before, now] = await Promise.all([
      accountStateRef === undefined ? undefined : baselineOf(deps, accountStateRef),
      readAccountState(deps.access.iam({ account: input.principal.account, role: 'Responder', incidentId: input.incidentId }), seenAt),
    ]);
    if (!now.complete) progress.growthNotRead = 'the account has more users, roles and policies than were read';
    const known = new Set([...(input.knownGrowth ?? []), ...progress.growth.map(({ arn }) => arn)]);
    const found = growthOf(before, now, { suspiciousSinceMs: Date.parse(suspiciousSinceAt), own: input.principal.arn, seenAt });
    const fresh = found.filter(({ arn }) => !known.has(arn)).slice(0, MAX_GROWTH - progress.growth.length);
    progress.growth.push(...fresh);
    return fresh;
  } catch (error) {
    progress.growthNotRead = `the account could not be compared: ${reasonOf(error)}`;
    return [];
  }
}

async function baselineOf({ evidence }: Pick<WatchDeps, 'evidence'>, ref: EvidenceRef): Promise<AccountState> {
  const text = new TextDecoder().decode(await evidence.get(ref));
  return parsePayload(AccountState, JSON.parse(text), 'account state');
}
