import { assertNever } from '../../src/contracts/failures.js';
import type { EradicateInput, EradicationPlan, EradicationResult, Proposal } from '../../src/contracts/eradication.js';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import { compromisedKeysOf, issuedKeyIdsOf } from '../../src/domain/engine/evidence.js';
import { isReleased } from '../../src/domain/engine/views.js';
import { propose, restore } from './activities.js';
import { rejectedBefore, type StepConsent, waitForConsent } from './consent.js';
import type { Incident } from './incident.js';
import { sendOrder } from './orders.js';
import { askPeople, endBy, type Helped, stepTask, withHelp } from './people.js';

/**
 * Proposes what to remove, asks for signatures, removes one thing after the other in the plan's order, and lets go of
 * containments whose principal is gone. Removed things are never tried again: what is recorded is done.
 *
 * @returns everything removed so far, also by an earlier run.
 */
export async function removeWhatTheIntruderMade(incident: Incident, step: PlaybookStep): Promise<Helped<EradicationResult[]>> {
  const planned = await withHelp(incident, step, { what: 'propose what to remove', work: () => plan(incident) });
  if (planned.how === 'ended') return planned;
  const { proposals } = planned.value;
  incident.state.eradication = { plan: planned.value, results: incident.state.eradication?.results ?? [] };
  if (proposals.length === 0) return { how: 'ok', value: incident.state.eradication.results };
  const request: StepConsent = {
    action: 'eradicate',
    title: `Remove ${proposals.length} thing(s) of the intruder? This cannot be taken back exactly`,
    lookAt: proposals.map(lineOf),
    planSha256: planned.value.planSha256,
  };
  const consent = rejectedBefore(incident, step, request) ?? (await waitForConsent(incident, step, request));
  if (consent.how === 'ended') return { how: 'ended', end: undefined };
  if (consent.how === 'rejected') return byHand(incident, step, { plan: planned.value, why: `${consent.who} rejected: ${consent.reason}` });
  for (const proposal of proposals) {
    const done = await removeOne(incident, step, { plan: planned.value, proposal, consents: consent.consents });
    if (done.how === 'ended') return done;
  }
  return { how: 'ok', value: incident.state.eradication.results };
}

function plan({ state }: Incident): Promise<EradicationPlan> {
  if (state.timeline === undefined) throw new Error('there is no timeline to propose from');
  return propose.proposeEradication.executeWithOptions({ summary: 'propose what to remove' }, [
    {
      incidentId: state.incidentId,
      principals: state.principals,
      timeline: state.timeline.ref,
      compromisedKeys: compromisedKeysOf(state),
      issuedKeyIds: issuedKeyIdsOf(state),
    },
  ]);
}

/** One line a person can decide on, with the exact calls. */
export function lineOf({ proposalId, action, target, why, provedBy, undo }: Proposal): string {
  const reason = why === 'attackerMade' ? `made by the intruder (event ${provedBy})` : 'was in the hands of the intruder';
  return `${proposalId} ${action} ${target}: ${reason}; to put it back: ${undo}`;
}

type Removal = Pick<EradicateInput, 'plan' | 'proposal' | 'consents'>;

async function removeOne(incident: Incident, step: PlaybookStep, removal: Removal): Promise<Helped<true>> {
  const { state } = incident;
  const { proposal } = removal;
  const [principal] = state.principals;
  const results = state.eradication?.results ?? [];
  if (principal === undefined || results.some(({ target, action }) => target === proposal.target && action === proposal.action))
    return { how: 'ok', value: true };
  const done = await withHelp(incident, step, {
    what: `${proposal.action} ${proposal.target}`,
    work: () => runRemoval({ incidentId: state.incidentId, principal, ...removal }),
  });
  if (done.how === 'ended') return done;
  results.push(done.value);
  incident.journal(`${done.value.outcome === 'removed' ? 'removed' : 'was gone already'}: ${proposal.action} ${proposal.target}`);
  await letGoOf(incident, proposal);
  return { how: 'ok', value: true };
}

/** What is contained does not exist any more. */
async function letGoOf({ state, ...incident }: Incident, { target, action }: Proposal): Promise<void> {
  const view = Object.values(state.scope).find(({ principal }) => principal.arn === target);
  if (view === undefined || isReleased(view) || (action !== 'deleteUser' && action !== 'deleteRole')) return;
  await sendOrder({ state, ...incident }, view.containmentId, { order: 'release', reason: `${target} was deleted`, gone: true });
}

function runRemoval(input: EradicateInput): Promise<EradicationResult> {
  const summary = `${input.proposal.action} ${input.proposal.target}`.slice(0, 200);
  switch (input.proposal.action) {
    case 'deleteUser':
      return restore.deleteUser.executeWithOptions({ summary }, [input]);
    case 'deleteRole':
      return restore.deleteRole.executeWithOptions({ summary }, [input]);
    case 'deletePolicy':
      return restore.deletePolicy.executeWithOptions({ summary }, [input]);
    case 'deleteAccessKey':
      return restore.deleteAccessKey.executeWithOptions({ summary }, [input]);
    case 'terminateInstance':
      return restore.terminateInstance.executeWithOptions({ summary }, [input]);
    default:
      return assertNever(input.proposal.action);
  }
}

async function byHand(
  incident: Incident,
  step: PlaybookStep,
  { plan: { proposals }, why }: { plan: EradicationPlan; why: string },
): Promise<Helped<never>> {
  const answer = await askPeople(incident, step, {
    ...stepTask(step),
    kind: 'manual',
    title: `${step.title} by hand: ${why}`.slice(0, 200),
    lookAt: proposals.map(lineOf),
    choices: ['done', 'skip'],
  });
  return { how: 'ended', end: endBy(answer) };
}
