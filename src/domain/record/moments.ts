import type { IncidentState } from '../../contracts/incident.js';
import type { Moment, MomentName } from '../../contracts/record.js';

type Candidate = { readonly at: string | undefined; readonly fixedBy: string };

/**
 * The moments of an incident (aws-domain 9), each with what fixed it; those that have not come are left out. *compromise*
 * is known only to people and is never guessed: metrics fall back to the first malicious event and say so.
 */
export function momentsOf(state: IncidentState): Moment[] {
  return Object.entries(READERS).flatMap(([, read]) => read(state));
}

/** One moment of the list. */
export function momentAt(moments: readonly Moment[], name: MomentName): Moment | undefined {
  return moments.find((moment) => moment.name === name);
}

const READERS: Readonly<Record<Exclude<MomentName, 'compromise'>, (state: IncidentState) => Moment[]>> = {
  firstMalicious: ({ timeline }) => {
    const first = timeline?.firstMalicious;
    return only('firstMalicious', {
      at: first?.at,
      fixedBy: `event ${first?.eventId ?? ''} ${first?.api ?? ''} from ${first?.sourceIp ?? ''}`,
    });
  },
  detected: ({ alerts, clockStartAt }) =>
    earliest('detected', [
      ...alerts.kept.map(({ source, alertId, detectedAt }) => ({ at: detectedAt, fixedBy: `alert ${source} ${alertId}` })),
      // Only the most telling alerts are kept whole; the clocks' start remembers the one that opened the incident.
      { at: clockStartAt, fixedBy: 'the alert that opened the incident' },
    ]),
  received: ({ alerts, openedAt }) =>
    earliest('received', [
      ...alerts.kept.map(({ source, alertId, receivedAt }) => ({ at: receivedAt, fixedBy: `alert ${source} ${alertId}` })),
      { at: openedAt, fixedBy: 'the incident was opened' },
    ]),
  acknowledged: ({ ladder, decidedAt, verdict, tasks }) =>
    earliest('acknowledged', [
      { at: ladder.acknowledgedAt, fixedBy: `acknowledged by ${ladder.acknowledgedBy ?? 'somebody'}` },
      { at: decidedAt, fixedBy: `verdict ${verdict?.verdict ?? 'by a person'}` },
      ...tasks.flatMap(({ taskId, answers }) => answers.map(({ at, subject }) => ({ at, fixedBy: `${taskId} answered by ${subject}` }))),
    ]),
  firstAction: ({ steps, pin }) =>
    earliest(
      'firstAction',
      (pin?.body.steps ?? [])
        .filter(({ phase, run }) => phase === 'responding' && run !== undefined)
        .map(({ id }) => ({ at: steps[id]?.startedAt, fixedBy: `step ${id} began` })),
    ),
  applied: (state) =>
    latestOfAll(
      'applied',
      contained(state).map(({ principal, appliedAt }) => ({ at: appliedAt, fixedBy: `containment of ${principal.name}` })),
    ),
  effectiveFrom: (state) =>
    latestOfAll(
      'effectiveFrom',
      contained(state).map(({ principal, provenAt, effectiveFromAt }) => ({
        at: provenAt === undefined ? undefined : effectiveFromAt,
        fixedBy: `containment of ${principal.name}, proven`,
      })),
    ),
  proven: (state) =>
    latestOfAll(
      'proven',
      contained(state).map(({ principal, provenAt, provenBy }) => ({
        at: provenAt,
        fixedBy: `${principal.name}: ${provenBy.join('; ') || 'proven'}`,
      })),
    ),
  eradicated: ({ steps, pin }) => {
    const id = pin?.body.steps.find(({ run }) => run === 'eradicateAccess')?.id ?? '';
    const step = steps[id];
    return only('eradicated', {
      at: step?.status === 'done' || step?.status === 'doneByHand' ? step.endedAt : undefined,
      fixedBy: `step ${id}: ${step?.outcome ?? ''}`,
    });
  },
  recovered: ({ recoveredAt, recovery }) =>
    only('recovered', {
      at: recoveredAt,
      fixedBy: `step recover; new keys ${(recovery?.issued ?? []).map(({ accessKeyId }) => accessKeyId).join(', ') || 'none'}`,
    }),
  released: ({ scope }) =>
    latestOfAll(
      'released',
      Object.values(scope).map(({ principal, releasedAt, headline }) => ({ at: releasedAt, fixedBy: `${principal.name}: ${headline}` })),
    ),
  closed: ({ closing }) => only('closed', { at: closing?.at, fixedBy: closing?.reason ?? '' }),
};

/** Containments that wrote something: one that was let go before has no part in the times. */
function contained({ scope }: IncidentState): IncidentState['scope'][string][] {
  return Object.values(scope).filter((view) => view.state !== 'released' || view.appliedAt !== undefined);
}

function only(name: MomentName, { at, fixedBy }: Candidate): Moment[] {
  return at === undefined ? [] : [{ name, at, fixedBy: fixedBy.slice(0, 500) || 'not recorded' }];
}

function earliest(name: MomentName, candidates: readonly Candidate[]): Moment[] {
  const first = known(candidates)[0];
  return first === undefined ? [] : only(name, first);
}

/** The slowest counts, and only once all have come. */
function latestOfAll(name: MomentName, candidates: readonly Candidate[]): Moment[] {
  const last = known(candidates).at(-1);
  return last === undefined || candidates.some(({ at }) => at === undefined) ? [] : only(name, last);
}

function known(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ at }) => at !== undefined).toSorted((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? ''));
}
