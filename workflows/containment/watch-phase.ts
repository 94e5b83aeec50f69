import type { ContainmentOrder } from '../../src/contracts/containment.js';
import type { Configuration, LookupResult, WatchResult } from '../../src/contracts/watch.js';
import { isFought, sessionsJudged } from '../../src/domain/engine/descent.js';
import { inForceOf, keyOf } from '../../src/domain/engine/containment-view.js';
import { isEarly, nextCheckMs, SLOW_LOOK_MS } from '../../src/domain/engine/next-check.js';
import { lookup, watch } from '../runtime/activities.js';
import { failureReason } from './failure-reason.js';
import { judge } from './judge.js';
import { takeLineage } from './lineage.js';
import { letGo } from './let-go.js';
import { beginRecovery } from './recover-phase.js';
import { escalate, recordCandidates, recordDescendants } from './growth.js';
import { type ContainmentRun, takeAuthority } from './run.js';

const UNKNOWN: Configuration = {
  confirmed: false,
  simulation: 'unavailable',
  keysInactive: false,
  missing: [],
  notes: ['the configuration could not be read'],
};

/**
 * One round of watching: read the configuration back (and put back what drifted), read CloudTrail, judge what is
 * proven, then wait for the next round or an order. The early rounds are tight; later ones follow the ladder of
 * `waits.yaml`.
 */
export async function watchPhase(run: ContainmentRun): Promise<void> {
  const { state } = run;
  const { configuration, drifts, trouble, gone } = await watchOnce(run);
  if (gone) return letGo(run, { reason: `${state.view.principal.arn} was deleted`, gone });
  const found = await lookupOnce(run, configuration);
  state.checks += 1;
  await recordDescendants(run, found.result);
  await judge(run, { configuration, found: found.result, troubles: [...trouble, ...found.trouble] });
  const { ms, summary } = nextCheck(run, { found: found.result, drifts });
  const order = await run.nextOrder(ms, summary);
  if (order) await take(run, order);
  else if (state.escalatedAt === undefined && isFought(state.plan, evidenceOf(state, { drifts, found: found.result }))) await escalate(run);
}

interface Watched {
  readonly configuration: Configuration;
  readonly drifts: WatchResult['drifts'];
  readonly trouble: string[];
  /** The principal does not exist any more. */
  readonly gone: boolean;
}

/**
 * Waits for an order where nothing is being written. With measures in force the watch goes on meanwhile, one round a
 * minute: what drifts is put back although a person, the guard or a plan is still waited for.
 */
export async function nextOrderWatching(
  run: ContainmentRun,
  { ms, summary }: { ms?: number; summary: string },
): Promise<ContainmentOrder | undefined> {
  if (run.state.results.length === 0) return run.nextOrder(ms, summary);
  await watchOnce(run, 'once');
  return run.nextOrder(Math.min(ms ?? SLOW_LOOK_MS, SLOW_LOOK_MS), summary);
}

export async function watchOnce(run: ContainmentRun, rounds?: 'once'): Promise<Watched> {
  const { state, waits } = run;
  const { authority, firstDenyAt } = state;
  // What drifts is put back under the plan that was signed for, although a newer one may wait for its consents.
  const plan = state.signedPlan ?? state.plan;
  if (!plan || !firstDenyAt) throw new Error('there is nothing to watch yet');
  const early = state.view.state !== 'proven' && isEarly(sinceFirstDenyMs(state));
  const { byHand } = state.view;
  // Only what AWS accepted is ours to watch and put back; refused measures are a task of their own.
  const ours = new Set(inForceOf(state.results, state.restored));
  const watched = [...plan.measures, ...plan.recovery].filter((call) => (byHand && !plan.recovery.includes(call)) || ours.has(keyOf(call)));
  try {
    const result = await watch.watchContainment.executeWithOptions(
      { summary: `read back and watch ${plan.principal.name}${byHand ? ', read-only' : ''}` },
      [
        {
          incidentId: state.incidentId,
          ...(state.ownerIncidentId === undefined ? {} : { decidedFor: state.ownerIncidentId }),
          containmentId: state.view.containmentId,
          principal: plan.principal,
          approvedPlan: plan,
          watched: watched.map(({ measure, target }) => ({ measure, target })),
          ...(authority ? { authority } : {}),
          results: state.results,
          firstDenyAt,
          waits,
          // A person who was sure to have done it all hears at once what is missing.
          rounds: rounds ?? (early && !byHand ? 'early' : 'once'),
          readOnly: byHand,
          knownGrowth: state.view.candidates.map(({ arn }) => arn),
        },
      ],
    );
    await recordDrifts(run, result);
    await recordCandidates(run, result);
    return { configuration: result.configuration, drifts: result.drifts, trouble: [], gone: result.ended === 'gone' };
  } catch (error) {
    return { configuration: UNKNOWN, drifts: [], trouble: [`the watch cannot read: ${failureReason(error).text}`], gone: false };
  }
}

async function recordDrifts(run: ContainmentRun, { drifts, ended }: WatchResult): Promise<void> {
  if (drifts.length === 0) return;
  const lines = drifts.map((drift) =>
    drift.reappliedAt === undefined
      ? `DRIFT ${drift.measure} ${drift.target} was ${drift.found}; putting it back was refused: ${drift.refused ?? 'unknown'}`
      : `DRIFT ${drift.measure} ${drift.target} was ${drift.found}; put back at ${drift.reappliedAt}`,
  );
  const alarm = ended === 'thirdDrift' ? ['ALARM third drift: somebody fights the containment; the watch goes on'] : [];
  await run.change({ drifts: run.state.view.drifts + drifts.length }, ...lines, ...alarm);
}

export async function lookupOnce(run: ContainmentRun, configuration: Configuration): Promise<{ result?: LookupResult; trouble: string[] }> {
  const { state, waits } = run;
  const { plan, firstDenyAt } = state;
  if (!plan || !firstDenyAt) throw new Error('there is nothing to look up yet');
  const sessions = sessionsJudged(plan);
  try {
    const result = await lookup.lookupPrincipalEvents.executeWithOptions({ summary: `read CloudTrail for ${plan.principal.name}` }, [
      {
        incidentId: state.incidentId,
        principal: plan.principal,
        accessKeyIds: plan.measures.filter((call) => call.measure === 'deactivateAccessKey').map((call) => call.target),
        issuedKeyIds: state.recovery?.issuedKeyIds ?? [],
        firstDenyAt: state.recovery?.revokedAt ?? firstDenyAt,
        effectiveFromAt: state.recovery?.revokedAt ?? state.view.effectiveFromAt ?? firstDenyAt,
        ...(state.recovery?.revokedAt === undefined ? {} : { sessionsBeforeAt: state.recovery.revokedAt }),
        configuration,
        waits,
        callers: plan.blastRadius.callers,
        ...(sessions === undefined ? {} : { sessions }),
        ...(isEarly(sinceFirstDenyMs(state)) && plan.suspiciousSinceAt !== undefined ? { suspiciousSinceAt: plan.suspiciousSinceAt } : {}),
      },
    ]);
    return { result, trouble: [] };
  } catch (error) {
    return { trouble: [`CloudTrail cannot be read: ${failureReason(error).text}`] };
  }
}

function nextCheck(
  { state, waits }: ContainmentRun,
  { found, drifts }: { found: LookupResult | undefined; drifts: WatchResult['drifts'] },
): { ms: number; summary: string } {
  const { candidates, descendants } = state.view;
  const isProven = state.view.state === 'proven';
  const unexplained = candidates.length > descendants.length;
  const ms = nextCheckMs(waits, { sinceMs: sinceFirstDenyMs(state), found, drifts, isProven, unexplained });
  const at = new Date(Date.now() + ms).toISOString().slice(11, 19);
  return {
    ms,
    summary: `next check of ${state.view.principal.name} at ${at} UTC · ${isProven ? 'holding' : 'not proven'}`,
  };
}

async function take(run: ContainmentRun, order: ContainmentOrder): Promise<void> {
  const { state } = run;
  switch (order.order) {
    case 'restore':
      takeAuthority(run, { by: 'people', consents: order.consents, alerts: [] });
      state.phase = 'restore';
      return;
    case 'recover':
      return beginRecovery(run, order);
    case 'release':
      return letGo(run, order);
    case 'retry':
      // Only what AWS refused is open; a fresh plan and the gate come first.
      if (state.view.failedMeasures.length > 0) state.phase = 'plan';
      return;
    case 'proceed':
      if (state.view.byHand || state.view.failedMeasures.length > 0) {
        takeAuthority(run, order.authority);
        await run.change({ byHand: false });
        state.phase = 'gate';
      }
      return;
    case 'handDone':
    case 'newFacts':
    case 'guardGo':
    case 'adopt':
    case 'keepConflict':
      return;
    case 'lineage':
      return takeLineage(run, order);
  }
}

function sinceFirstDenyMs({ firstDenyAt }: ContainmentRun['state']): number {
  return firstDenyAt === undefined ? 0 : Date.now() - Date.parse(firstDenyAt);
}

function evidenceOf(
  { firstDenyAt = '' }: ContainmentRun['state'],
  { drifts, found }: { drifts: WatchResult['drifts']; found: LookupResult | undefined },
): Parameters<typeof isFought>[1] {
  return { drifts, descendants: found?.descendants ?? [], firstDenyAt };
}
