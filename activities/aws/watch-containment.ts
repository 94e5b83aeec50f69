import {
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  NoSuchEntityException,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { activityInfo, cancellationSignal, heartbeat, sleep } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { parsePayload } from '../../src/contracts/failures.js';
import type { MeasureResult } from '../../src/contracts/measure.js';
import type { MeasureName } from '../../src/contracts/plan.js';
import { type Configuration, UNREADABLE, WatchInput, WatchResult } from '../../src/contracts/watch.js';
import type { Measure } from './measures/measure.js';

export interface WatchContainmentDeps {
  readonly iam: Pick<IAMClient, 'send'>;
  readonly measures: Record<MeasureName, Measure>;
  readonly nowMs: () => number;
}

/** What is configured on a principal that does not exist. */
const NOTHING_LEFT: Configuration = {
  confirmed: false,
  simulation: 'unavailable',
  keysInactive: false,
  missing: [],
  notes: ['the principal does not exist any more'],
};

/** Actions whose refusal shows that the principal can neither come back nor take anything (aws-domain 2.4, V2). */
const PROBED_ACTIONS = ['iam:CreateAccessKey', 'iam:CreateUser', 'sts:AssumeRole', 's3:ListAllMyBuckets', 'ec2:RunInstances'];
/** Drifts after which the watch comes back to raise the alarm; the containment then watches on. */
const ALARM_DRIFTS = 3;
/** One call watches this long; the heartbeat tells that it lives. */
const WATCH_LIMIT_MS = 300_000;
/** Beats while waiting between rounds. */
const BEAT_MS = 2_000;

type Drift = WatchResult['drifts'][number];

const HeartbeatDetails = WatchResult.pick({ rounds: true, drifts: true }).strip();

interface Progress {
  rounds: number;
  drifts: Drift[];
  /** Epoch ms of the first of the read-backs that agree; 0 = none yet. */
  agreedSinceMs: number;
}

/**
 * Reads the containment back, simulates it, and puts back at once whatever drifted, until the configuration
 * was seen whole twice, `settleSeconds` apart. Writes only recorded results, through the measures'
 * own checks; with `readOnly` never. A killed watch goes on from its last heartbeat.
 * Needs the measures' permissions and `iam:SimulatePrincipalPolicy` (optional: without it there is one sign less).
 */
export function createWatchContainment(deps: WatchContainmentDeps): (input: WatchInput) => Promise<WatchResult> {
  return async (raw) => {
    const input = parsePayload(WatchInput, raw, 'watch');
    const startMs = deps.nowMs();
    const progress = startProgress();
    const roundsBefore = progress.rounds;
    for (;;) {
      progress.rounds += 1;
      const configuration = await round(input, { deps, progress });
      if (configuration === 'gone') return { configuration: NOTHING_LEFT, rounds: progress.rounds, drifts: progress.drifts, ended: 'gone' };
      const result = (ended: WatchResult['ended']): WatchResult => ({
        configuration,
        rounds: progress.rounds,
        drifts: progress.drifts,
        ended,
      });
      if (input.rounds === 'once' && (configuration.confirmed || configuration.missing.length > 0 || progress.rounds > roundsBefore + 1))
        return result('once');
      if (input.rounds === 'early' && configuration.confirmed) return result('configured');
      if (progress.drifts.length >= ALARM_DRIFTS) return result('thirdDrift');
      if (deps.nowMs() - startMs > WATCH_LIMIT_MS) return result('time');
      await pause(
        pauseMs(input, { sinceFirstDenyMs: deps.nowMs() - Date.parse(input.firstDenyAt), progress, nowMs: deps.nowMs() }),
        progress,
      );
    }
  };
}

/** Drifts and rounds survive a killed worker in the heartbeat, so none is lost from the journal. */
function startProgress(): Progress {
  const kept = HeartbeatDetails.safeParse(activityInfo().heartbeatDetails);
  return kept.success ? { ...kept.data, agreedSinceMs: 0 } : { rounds: 0, drifts: [], agreedSinceMs: 0 };
}

async function round(
  input: WatchInput,
  { deps, progress }: { deps: WatchContainmentDeps; progress: Progress },
): Promise<Configuration | 'gone'> {
  heartbeat(progress);
  const found = await Promise.all(
    input.watched.map(async ({ measure, target }) => ({
      measure,
      target,
      ...(await readBack(deps.measures[measure], { input, measure, target })),
    })),
  );
  const missing = found.filter((row) => !row.holds).map(({ measure, target, found: text }) => ({ measure, target, found: text }));
  if (missing.length > 0 && (await isGone(deps.iam, input))) return 'gone';
  if (missing.length > 0) {
    progress.agreedSinceMs = 0;
    await Promise.all(missing.map((row) => putBack(row, { input, deps, progress })));
    heartbeat(progress);
    return { confirmed: false, simulation: 'unavailable', keysInactive: false, missing, notes: [] };
  }
  const nowMs = deps.nowMs();
  if (progress.agreedSinceMs === 0) progress.agreedSinceMs = nowMs;
  const settled = nowMs - progress.agreedSinceMs >= input.waits.settleSeconds * 1000;
  const [simulation, keys] = await Promise.all([simulate(deps.iam, input), readKeys(deps.iam, input)]);
  return {
    confirmed: settled,
    ...(settled ? { confirmedAt: new Date(nowMs).toISOString() } : {}),
    simulation: simulation.decision,
    keysInactive: keys.inactive,
    missing: [],
    notes: [...simulation.notes, ...keys.notes],
  };
}

/** With the principal all its credentials and sessions have ended: that is no drift. */
async function isGone(iam: Pick<IAMClient, 'send'>, { principal: { kind, name } }: WatchInput): Promise<boolean> {
  try {
    await (kind === 'role' ? iam.send(new GetRoleCommand({ RoleName: name })) : iam.send(new GetUserCommand({ UserName: name })));
    return false;
  } catch (error) {
    return error instanceof NoSuchEntityException;
  }
}

async function readBack(
  measure: Measure,
  { input, ...row }: { input: WatchInput; measure: MeasureName; target: string },
): Promise<{ holds: boolean; found: string }> {
  try {
    const recorded = recordedOf(input, row);
    return await measure.verify({ principal: input.principal, target: row.target, ...(recorded === undefined ? {} : { recorded }) });
  } catch (error) {
    if (cancellationSignal().aborted) throw error;
    return { holds: false, found: `${UNREADABLE}${reasonOf(error)}` };
  }
}

function recordedOf({ results }: WatchInput, row: { measure: MeasureName; target: string }): MeasureResult | undefined {
  return results.find(({ measure, target }) => measure === row.measure && target === row.target);
}

/** Re-applies one recorded result; a measure that was never accepted is not ours to put back. */
async function putBack(
  row: Configuration['missing'][number],
  { input, deps, progress }: { input: WatchInput; deps: WatchContainmentDeps; progress: Progress },
): Promise<void> {
  const { measure, target, found } = row;
  const recorded = recordedOf(input, row);
  const call = [...input.approvedPlan.measures, ...input.approvedPlan.recovery].find(
    (candidate) => candidate.measure === measure && candidate.target === target,
  );
  if (input.readOnly || !recorded || !call || !input.authority) return;
  const drift: Drift = { at: new Date(deps.nowMs()).toISOString(), measure, target, found };
  try {
    const { incidentId, containmentId, principal, approvedPlan, authority } = input;
    const again: MeasureResult = await deps.measures[measure].apply({
      incidentId,
      containmentId,
      principal,
      call,
      approvedPlan,
      authority,
      reapply: recorded,
    });
    // Nothing to put back: the read-back had failed, or somebody was quicker. That is no drift.
    if (again.changed) progress.drifts.push({ ...drift, reappliedAt: again.at });
  } catch (error) {
    if (cancellationSignal().aborted) throw error;
    progress.drifts.push({ ...drift, refused: reasonOf(error) });
  }
}

async function simulate(
  iam: Pick<IAMClient, 'send'>,
  { principal }: WatchInput,
): Promise<{ decision: Configuration['simulation']; notes: string[] }> {
  try {
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: principal.arn, ActionNames: PROBED_ACTIONS }),
    );
    const open = EvaluationResults.filter((result) => result.EvalDecision !== 'explicitDeny').map((result) => result.EvalActionName ?? '?');
    if (EvaluationResults.length === 0) return { decision: 'unavailable', notes: ['the simulation gave no answer'] };
    return open.length === 0
      ? { decision: 'explicitDeny', notes: [] }
      : { decision: 'notDenied', notes: [`simulation does not deny ${open.join(', ')}`] };
  } catch (error) {
    return { decision: 'unavailable', notes: [`the simulation is unavailable: ${reasonOf(error)}`] };
  }
}

/** Every key of the user as it is now, so that one made since the plan is seen. */
async function readKeys(
  iam: Pick<IAMClient, 'send'>,
  { principal, approvedPlan }: WatchInput,
): Promise<{ inactive: boolean; notes: string[] }> {
  // A role has none: its proof is a refused call.
  if (principal.kind === 'role') return { inactive: false, notes: [] };
  try {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: principal.name }));
    const active = AccessKeyMetadata.filter((key) => key.Status !== 'Inactive').map((key) => key.AccessKeyId ?? '?');
    const planned = new Set(approvedPlan.measures.map((measure) => measure.target));
    const made = AccessKeyMetadata.map((key) => key.AccessKeyId ?? '?').filter((id) => !planned.has(id));
    return {
      inactive: active.length === 0,
      notes: made.map((id) => `access key ${id} was made after the plan: denied like the user, not deactivated`),
    };
  } catch (error) {
    return { inactive: false, notes: [`keys could not be listed: ${reasonOf(error)}`] };
  }
}

function pauseMs({ waits, rounds }: WatchInput, known: { sinceFirstDenyMs: number; progress: Progress; nowMs: number }): number {
  const settleMs = known.progress.agreedSinceMs + waits.settleSeconds * 1000 - known.nowMs;
  if (rounds === 'once') return Math.max(50, settleMs);
  const row = waits.watchRounds.find((candidate) => known.sinceFirstDenyMs < candidate.untilSeconds * 1000) ?? waits.watchRounds.at(-1);
  return (row?.everySeconds ?? 15) * 1000;
}

async function pause(ms: number, progress: Progress): Promise<void> {
  for (let left = ms; left > 0; left -= BEAT_MS) {
    await sleep(Math.min(left, BEAT_MS));
    heartbeat(progress);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ApplicationFailure) return `${error.type ?? 'failure'}: ${error.message}`.slice(0, 300);
  return error instanceof Error ? error.name : 'failed';
}
