import { activityInfo, cancellationSignal, heartbeat, sleep } from '@temporalio/activity';
import { parsePayload } from '../../src/contracts/failures.js';
import { WatchInput, WatchResult } from '../../src/contracts/watch.js';
import type { Progress, WatchDeps } from './watch/watch-deps.js';
import { watchRounds } from './watch/watch-rounds.js';

export type { WatchDeps } from './watch/watch-deps.js';

const HeartbeatDetails = WatchResult.pick({ rounds: true, drifts: true, growth: true }).strip();

/**
 * Reads the containment back, simulates it, puts back at once whatever drifted, and compares the account with its state at planning,
 * until the configuration was seen whole twice, `settleSeconds` apart, or something new has appeared. Writes only recorded
 * results, through the measures' own checks; with `readOnly` never. A killed watch goes on from its last heartbeat.
 * Needs the measures' permissions, `iam:SimulatePrincipalPolicy` and `iam:GetAccountAuthorizationDetails` (both optional: without
 * them there is one sign less).
 */
export function createWatchContainment(deps: WatchDeps): (input: WatchInput) => Promise<WatchResult> {
  return (raw) => {
    const input = parsePayload(WatchInput, raw, 'watch');
    const pace = { sleep, beat: heartbeat, cancelled: () => cancellationSignal().aborted };
    return watchRounds(input, { deps, pace, progress: startProgress() });
  };
}

/** Drifts, growth and rounds survive a killed worker in the heartbeat, so none is lost from the journal. */
function startProgress(): Progress {
  const kept = HeartbeatDetails.safeParse(activityInfo().heartbeatDetails);
  return kept.success ? { ...kept.data, agreedSinceMs: 0 } : { rounds: 0, drifts: [], growth: [], agreedSinceMs: 0 };
}
