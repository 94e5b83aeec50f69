import { descendantKey } from '../../src/domain/engine/descent.js';
import type { LookupResult, WatchResult } from '../../src/contracts/watch.js';
import type { ContainmentRun } from './run.js';

/** What a view holds at most. */
const MAX_FOUND = 50;

/** What has appeared in the account since the plan, by nobody knows whom yet: told once each. */
export async function recordCandidates(run: ContainmentRun, { growth, growthNotRead }: WatchResult): Promise<void> {
  const { candidates } = run.state.view;
  const fresh = growth.filter(({ arn }) => !candidates.some((known) => known.arn === arn));
  if (fresh.length === 0) return;
  const lines = fresh.map(({ arn, how }) => `NEW IN THE ACCOUNT ${arn}: ${how}; CloudTrail will say by whom`);
  await run.change(
    { candidates: [...candidates, ...fresh].slice(-MAX_FOUND) },
    ...lines,
    ...(growthNotRead === undefined ? [] : [growthNotRead]),
  );
}

/** Where the intruder went on from here: the incident claims it. */
export async function recordDescendants(run: ContainmentRun, found: LookupResult | undefined): Promise<void> {
  const { descendants } = run.state.view;
  const known = new Set(descendants.map(descendantKey));
  const fresh = (found?.descendants ?? []).filter((one) => !known.has(descendantKey(one)));
  if (fresh.length === 0) return;
  const lines = fresh.map(
    ({ arn, api, eventId, session }) => `went on: ${api} ${arn}${session === undefined ? '' : ` as ${session}`} (event ${eventId})`,
  );
  await run.change({ descendants: [...descendants, ...fresh].slice(-MAX_FOUND) }, ...lines);
}

/** Plans again, with the freeze; what is in force stays and is watched meanwhile. */
export async function escalate(run: ContainmentRun): Promise<void> {
  const { state } = run;
  state.escalatedAt = new Date().toISOString();
  state.phase = 'plan';
  await run.change({}, 'ALARM the containment is being fought: IAM changes in the account are to be frozen too');
}
