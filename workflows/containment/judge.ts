import type { ContainmentNeed, ContainmentView } from '../../src/contracts/containment.js';
import { type Configuration, type LookupResult, UNREADABLE } from '../../src/contracts/watch.js';
import type { ContainmentRun } from './run.js';

export interface Findings {
  readonly configuration: Configuration;
  /** Absent when CloudTrail could not be read. */
  readonly found: LookupResult | undefined;
  readonly troubles: readonly string[];
}

/** Turns one round's findings into the state people see. Says *proven* only when both halves of the proof are there. */
export async function judge(run: ContainmentRun, { configuration, found, troubles }: Findings): Promise<void> {
  const { view } = run.state;
  const needs = openNeeds(run, { configuration, troubles });
  const limits = [...(found?.proof.limits ?? ['CloudTrail was not read']), ...troubles];
  const wasProven = view.state === 'proven';
  const effectiveFromAt = found?.effectiveFromAt ?? view.effectiveFromAt;
  const base = { needs, limits, ...(effectiveFromAt === undefined ? {} : { effectiveFromAt }) };
  const state = statusFor(run, { configuration, found });

  if (wasProven) {
    const why = lateSuccess(view, found) ?? (state === 'proven' ? undefined : lostGround(configuration));
    if (why !== undefined) return withdraw(run, { base, state, why });
    // Not having been able to look is no evidence against the claim: it stands, with the trouble among its limits.
    if (state !== 'proven') return changeIfNew(run, { needs, limits });
  }
  if (state === 'proven') {
    const provenBy = found?.proof.provenBy ?? [];
    await changeIfNew(run, {
      ...base,
      state,
      provenBy,
      provenAt: view.provenAt ?? new Date().toISOString(),
      headline: headline(run, state, { provenBy }),
    });
    return;
  }
  await changeIfNew(run, { ...base, state, provenBy: [], headline: headline(run, state, { provenBy: [] }) });
}

/** The claim was wrong, also when the window after the late success is quiet by now: it is said, and proven anew by a later round. */
function withdraw(
  run: ContainmentRun,
  { base, state, why }: { base: Partial<ContainmentView>; state: ContainmentView['state']; why: string },
): Promise<void> {
  return run.change(
    {
      ...base,
      state: state === 'proven' ? 'applied' : state,
      provenBy: [],
      withdrawn: run.state.view.withdrawn + 1,
      headline: `PROVEN WITHDRAWN: ${why}; not proven`,
    },
    `PROVEN WITHDRAWN: ${why}`,
  );
}

function statusFor(
  { state }: ContainmentRun,
  { configuration, found }: Pick<Findings, 'configuration' | 'found'>,
): ContainmentView['state'] {
  if (found?.proof.state === 'proven') return 'proven';
  if (configuration.missing.length > 0 && state.view.byHand) return 'handedToPerson';
  if (found?.proof.state === 'quiet') return 'quiet';
  if (state.view.failedMeasures.length > 0)
    return state.results.length > 0 && configuration.simulation !== 'notDenied' ? 'applying' : 'notContained';
  return 'applied';
}

/** A call that got through in the time the claim speaks of. */
function lateSuccess(view: ContainmentView, found: LookupResult | undefined): string | undefined {
  const last = found?.lastSuccess;
  if (!last || found.effectiveFromAt === view.effectiveFromAt) return undefined;
  return `${last.eventName} succeeded at ${last.eventAt} with ${last.accessKeyId} (event ${last.eventId}, delivered late)`;
}

function lostGround(configuration: Configuration): string | undefined {
  const changed = configuration.missing.filter((row) => !row.found.startsWith(UNREADABLE));
  if (changed.length > 0) return `${changed.map((row) => `${row.measure} ${row.target}`).join(', ')} was found changed`;
  if (configuration.simulation === 'notDenied') return 'the simulation no longer shows an explicit deny';
  return undefined;
}

function headline({ state }: ContainmentRun, status: ContainmentView['state'], { provenBy }: { provenBy: readonly string[] }): string {
  const { failedMeasures } = state.view;
  const refused =
    failedMeasures.length > 0
      ? `; ${failedMeasures.length} measure(s) refused by AWS: ${failedMeasures.map((row) => row.measure).join(', ')}`
      : '';
  const hand = state.view.byHand ? ' (done by hand)' : '';
  switch (status) {
    case 'proven':
      return `${provenBy.join('; ')}${hand}${refused}`;
    case 'quiet':
      return `no call gets through, but there is no positive sign that it is refused; not proven${refused}`;
    case 'handedToPerson':
      return `done by hand is not complete; not proven${refused}`;
    case 'notContained':
      return `NOT CONTAINED, the simulation shows open doors; not proven${refused}`;
    default:
      return `waits for the quiet window${hand}; not proven${refused}`;
  }
}

/** The refused-writes task stays; work by hand that the watch does not see becomes one. */
function openNeeds({ state }: ContainmentRun, { configuration }: Pick<Findings, 'configuration' | 'troubles'>): ContainmentNeed[] {
  const kept = state.view.needs.filter((need) => need.kind === 'retry' || need.kind === 'cancelled');
  if (!state.view.byHand || configuration.missing.length === 0) return kept;
  const lookAt = configuration.missing.map((row) => `${row.measure} ${row.target} is ${row.found}`);
  return [
    ...kept,
    {
      needId: 'byHandMissing',
      kind: 'byHand',
      title: `The watch does not find everything done on ${state.view.principal.name}`,
      lookAt,
      choices: ['done'],
    },
  ];
}

/** A re-check that found nothing new costs no signal (the budget of a long hold is in events, design 7), unless the incident has not heard the last news. */
async function changeIfNew(run: ContainmentRun, part: Partial<ContainmentView>): Promise<void> {
  const { view } = run.state;
  const same =
    (part.state ?? view.state) === view.state &&
    (part.effectiveFromAt ?? view.effectiveFromAt) === view.effectiveFromAt &&
    needIds(part.needs) === needIds(view.needs) &&
    view.news.length === 0;
  if (!same) return run.change(part);
  // The limits name how far CloudTrail was read: kept for the next view and the query.
  Object.assign(view, { ...(part.limits ? { limits: part.limits } : {}), ...(part.provenBy ? { provenBy: part.provenBy } : {}) });
}

function needIds(needs: readonly ContainmentNeed[] | undefined): string {
  return (needs ?? []).map((need) => need.needId).join(' ');
}
