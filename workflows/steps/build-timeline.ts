import { condition, sleep } from '@temporalio/workflow';
import type { EvidenceItem } from '../../src/contracts/evidence.js';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { LivePrincipal, TimelineSummary } from '../../src/contracts/timeline.js';
import { hasEnded } from '../../src/domain/engine/dag.js';
import { accessKeyIdsOf, evidenceFromAt, issuedKeyIdsOf, suspectIpsOf, suspiciousSinceAt } from '../../src/domain/engine/evidence.js';
import type { StepEnd } from '../../src/domain/engine/outcomes.js';
import { toMs } from '../../src/domain/engine/time.js';
import { allContained, reopenContain } from '../../src/domain/engine/views.js';
import { resolve, seal, trace } from '../runtime/activities.js';
import { collectAndSeal } from '../runtime/evidence.js';
import { failureText } from '../runtime/failure-text.js';
import type { Incident } from '../runtime/incident.js';
import { withHelp } from '../runtime/people.js';
import { takeResolution } from '../runtime/resolve-scope.js';
import { manualStep } from './manual-step.js';

/** Sealed after the first one, which `preserveEvidence` makes. */
const TIMELINE_COLLECTION = 'c02';
/** A lineage that still grows after this many looks is a person's question, not a loop's. */
const MAX_BUILDS = 8;
/** Between the quick look and the first whole one: what was claimed may be stopped meanwhile, and be part of it. */
const FIRST_LOOK_MS = 30_000;

/**
 * Builds the timeline, takes what the intruder can still act through into scope, and looks again until nothing new
 * appears and everything in scope is contained and read past CloudTrail's delivery delay. Then the timeline is sealed.
 */
export async function buildTimeline(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  const { state } = incident;
  if (state.principals.length === 0) return manualStep(incident, step);
  for (let builds = 1; ; builds += 1) {
    const built = await withHelp(incident, step, { what: 'build the timeline', work: () => build(incident, builds === 1) });
    if (built.how === 'ended') return built.end;
    takeTimeline(incident, built.value);
    const grown = await claimLive(incident, built.value.live);
    if (builds === 1) {
      await condition(() => allContained(state) || hasEnded(state.steps[step.id]), FIRST_LOOK_MS, {
        summary: 'timeline · waits for what it claimed',
      });
      continue;
    }
    if (!grown && isSettled(incident, built.value)) break;
    if (builds >= MAX_BUILDS) {
      incident.journal(`the timeline still grows after ${MAX_BUILDS} looks: it is sealed as it is`);
      break;
    }
    await untilWorthALook(incident, step);
    if (hasEnded(state.steps[step.id])) return undefined;
  }
  return sealTimeline(incident, step);
}

/** The first look is a quick one: what the intruder made is claimed seconds earlier. */
function build(incident: Incident, quick: boolean): Promise<TimelineSummary> {
  const { state } = incident;
  return trace.buildTimeline.executeWithOptions(
    { summary: `build the timeline of ${state.principals.map(({ name }) => name).join(', ')}`.slice(0, 200) },
    [
      {
        incidentId: state.incidentId,
        principals: state.principals,
        accessKeyIds: accessKeyIdsOf(state),
        issuedKeyIds: issuedKeyIdsOf(state),
        fromAt: evidenceFromAt(state),
        suspiciousSinceAt: suspiciousSinceAt(state),
        suspectIps: suspectIpsOf(state),
        quick,
      },
    ],
  );
}

function takeTimeline(incident: Incident, timeline: TimelineSummary): void {
  const { state } = incident;
  const before = state.timeline;
  state.timeline = timeline;
  if (before?.attackerEvents === timeline.attackerEvents && before.alive.length === timeline.alive.length) return incident.changed();
  const first = timeline.firstMalicious;
  incident.journal(
    `timeline: ${timeline.attackerEvents} events of the intruder, ${timeline.holderEvents} of the rightful holder; ` +
      (first === undefined ? 'no malicious event found' : `first ${first.api} at ${first.at} (event ${first.eventId})`),
  );
  for (const arn of timeline.external)
    if (before?.external.includes(arn) !== true) incident.journal(`outside our accounts, not contained: ${arn}`);
}

/** Resolves and claims what is alive. True when the scope grew. */
async function claimLive(incident: Incident, live: readonly LivePrincipal[]): Promise<boolean> {
  let grown = false;
  for (const found of live) {
    try {
      const resolution = await incident.busy(() =>
        resolve.resolvePrincipalArn.executeWithOptions({ summary: `resolve ${found.arn}`.slice(0, 200) }, [{ arn: found.arn }]),
      );
      if (!resolution.found) incident.journal(`${found.arn} (${found.how}) is not contained: ${resolution.why}, ${resolution.detail}`);
      else if (takeResolution(incident, resolution)) {
        incident.state.origins = { ...incident.state.origins, [resolution.principal.arn]: found.how };
        incident.journal(`${found.arn} is contained too: ${found.how} (event ${found.provedBy})`);
        reopenContain(incident.state, `${resolution.principal.name} entered scope`, Date.now());
        grown = true;
      }
    } catch (error) {
      incident.journal(`${found.arn} (${found.how}) could not be resolved: ${failureText(error)}`);
    }
  }
  return grown;
}

/** Read past the moment everything was stopped, by more than CloudTrail's delay. */
function isSettled({ state }: Incident, timeline: TimelineSummary): boolean {
  const delayMs = (state.pin?.waits.deliveryDelaySeconds ?? 0) * 1000;
  const stopped = Object.values(state.scope).map(({ effectiveFromAt }) =>
    effectiveFromAt === undefined ? Infinity : toMs(effectiveFromAt),
  );
  return allContained(state) && toMs(timeline.completeness.readUntilAt) - delayMs >= Math.max(...stopped);
}

/** Until CloudTrail has had its time; while something in scope is not contained yet, also until it is. */
async function untilWorthALook(incident: Incident, step: PlaybookStep): Promise<void> {
  const { state } = incident;
  const delayMs = (state.pin?.waits.deliveryDelaySeconds ?? 0) * 1000;
  await sleep(delayMs, { summary: `timeline · waits for CloudTrail's delivery · ${step.owner}` });
  // A person may have to answer first; a look now and then finds what grew meanwhile.
  await condition(() => allContained(state) || hasEnded(state.steps[step.id]), delayMs * 4, { summary: 'timeline · looks again' });
}

async function sealTimeline(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  const { state } = incident;
  const { timeline } = state;
  if (timeline === undefined) return undefined;
  await condition(
    () => state.evidence !== undefined || hasEnded(state.steps['preserveEvidence']) || state.steps['preserveEvidence'] === undefined,
  );
  const kept = await withHelp(incident, step, { what: 'keep the timeline as evidence', work: () => keep(incident, timeline) });
  if (kept.how === 'ended') return kept.end;
  const sealed = await collectAndSeal(incident, step, {
    collectionId: TIMELINE_COLLECTION,
    items: ['cloudTrail', 'iamState', 'guardDuty'],
    given: [kept.value],
  });
  if (sealed === undefined) return undefined;
  const { completeness } = timeline;
  const gaps = completeness.complete ? '' : `; INCOMPLETE: ${completeness.gaps.join('; ')}`;
  return {
    status: 'done',
    outcome: `${timeline.attackerEvents} events of the intruder from ${completeness.fromAt} to ${completeness.readUntilAt}${gaps}; ${timeline.ref.path}`,
    who: 'Tourniquet',
  };
}

function keep({ state }: Incident, { ref, csvRef }: TimelineSummary): Promise<EvidenceItem> {
  const [principal] = state.principals;
  if (principal === undefined) throw new Error('a timeline without a principal');
  return seal.keepTimeline.executeWithOptions({ summary: 'keep the timeline as evidence' }, [
    { incidentId: state.incidentId, collectionId: TIMELINE_COLLECTION, principal, ref, csvRef },
  ]);
}
