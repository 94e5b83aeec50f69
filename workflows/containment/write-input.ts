import type { WriteInput } from '../../src/contracts/measure.js';
import type { MeasureCall } from '../../src/contracts/plan.js';
import { keyOf } from '../../src/domain/engine/containment-view.js';
import type { ContainmentRun } from './run.js';

/** What every writing activity is given: one call of the plan, under the authority in force. */
export function writeInput({ state }: ContainmentRun, target: Pick<MeasureCall, 'measure' | 'target'>): WriteInput {
  const { plan, authority, incidentId, ownerIncidentId, view } = state;
  const call = [...(plan?.measures ?? []), ...(plan?.recovery ?? [])].find((candidate) => keyOf(candidate) === keyOf(target));
  if (!plan || !authority || !call) throw new Error(`no authorized plan holds ${keyOf(target)}`);
  const decidedFor = ownerIncidentId === undefined ? {} : { decidedFor: ownerIncidentId };
  return { incidentId, ...decidedFor, containmentId: view.containmentId, principal: plan.principal, call, approvedPlan: plan, authority };
}
