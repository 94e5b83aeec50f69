import { type Configuration, type WatchInput, type WatchResult } from '../../../src/contracts/watch.js';
import { findGrowth } from './find-growth.js';
import { putBack } from './put-back.js';
import { isGone, readBack, readKeys, simulate } from './read-configuration.js';
import type { Progress, WatchDeps, WatchPace } from './watch-deps.js';

/** What is configured on a principal that does not exist. */
const NOTHING_LEFT: Configuration = {
  confirmed: false,
  simulation: 'unavailable',
  keysInactive: false,
  missing: [],
  notes: ['the principal does not exist any more'],
};

/** Drifts after which the watch comes back to raise the alarm; the containment then watches on. */
const ALARM_DRIFTS = 3;
/** One call watches this long; the heartbeat tells that it lives. */
const WATCH_LIMIT_MS = 300_000;
/** Beats while waiting between rounds. */
const BEAT_MS = 2_000;

interface Watching {
  readonly deps: WatchDeps;
  readonly pace: WatchPace;
  readonly progress: Progress;
}

/** Watches in rounds until there is something to tell; see `watchContainment`. */
export async function watchRounds(input: WatchInput, watching: Watching): Promise<WatchResult> {
  const { deps, pace, progress } = watching;
  const startMs = deps.nowMs();
  const roundsBefore = progress.rounds;
  for (;;) {
    progress.rounds += 1;
    pace.beat(progress);
    const [configuration, grown] = await Promise.all([readRound(input, watching), findGrowth(input, watching)]);
    const result = (ended: WatchResult['ended'], seen: Configuration): WatchResult => ({
      configuration: seen,
      rounds: progress.rounds,
      drifts: progress.drifts,
      growth: progress.growth,
      ...(progress.growthNotRead === undefined ? {} : { growthNotRead: progress.growthNotRead }),
      ended,
    });
    if (configuration === 'gone') return result('gone', NOTHING_LEFT);
    if (input.rounds === 'once' && (configuration.confirmed || configuration.missing.length > 0 || progress.rounds > roundsBefore + 1))
      return result('once', configuration);
    if (grown.length > 0 && input.rounds === 'early') return result('growth', configuration);
    if (input.rounds === 'early' && configuration.confirmed) return result('configured', configuration);
    if (progress.drifts.length >= ALARM_DRIFTS) return result('thirdDrift', configuration);
    if (deps.nowMs() - startMs > WATCH_LIMIT_MS) return result('time', configuration);
    await pause(pauseMs(input, { progress, nowMs: deps.nowMs() }), watching);
  }
}

async function readRound(input: WatchInput, { deps, pace, progress }: Watching): Promise<Configuration | 'gone'> {
  const missing = await readBack(input, { ...deps, ...pace });
  if (missing.length > 0 && (await isGone(deps, input))) return 'gone';
  if (missing.length > 0) {
    progress.agreedSinceMs = 0;
    await Promise.all(missing.map((row) => putBack(row, { input, deps, pace, progress })));
    pace.beat(progress);
    return { confirmed: false, simulation: 'unavailable', keysInactive: false, missing, notes: [] };
  }
  const nowMs = deps.nowMs();
  if (progress.agreedSinceMs === 0) progress.agreedSinceMs = nowMs;
  const settled = nowMs - progress.agreedSinceMs >= input.waits.settleSeconds * 1000;
  const [simulation, keys] = await Promise.all([simulate(deps, input), readKeys(deps, input)]);
  return {
    confirmed: settled,
    ...(settled ? { confirmedAt: new Date(nowMs).toISOString() } : {}),
    simulation: simulation.decision,
    keysInactive: keys.inactive,
    missing: [],
    notes: [...simulation.notes, ...keys.notes],
  };
}

function pauseMs({ waits, rounds, firstDenyAt }: WatchInput, { progress, nowMs }: { progress: Progress; nowMs: number }): number {
  const settleMs = progress.agreedSinceMs + waits.settleSeconds * 1000 - nowMs;
  if (rounds === 'once') return Math.max(50, settleMs);
  const sinceFirstDenyMs = nowMs - Date.parse(firstDenyAt);
  const row = waits.watchRounds.find((candidate) => sinceFirstDenyMs < candidate.untilSeconds * 1000) ?? waits.watchRounds.at(-1);
  return (row?.everySeconds ?? 15) * 1000;
}

async function pause(ms: number, { pace, progress }: Watching): Promise<void> {
  for (let left = ms; left > 0; left -= BEAT_MS) {
    await pace.sleep(Math.min(left, BEAT_MS));
    pace.beat(progress);
  }
}
