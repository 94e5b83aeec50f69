import type { MeasureCall, Guidance } from '../../contracts/plan.js';
import type { Principal } from '../../contracts/principal.js';
import type { Tier } from '../../contracts/primitives.js';
import { measureCallFor } from './measure-calls.js';

/** What planning one kind of principal starts from, beside the snapshot. */
export interface PlanScope {
  readonly principal: Principal;
  readonly incidentId: string;
  readonly tier: Tier;
  /** Others use the principal: of a role only the known sessions are stopped. */
  readonly shared: boolean;
  /** Somebody fights the containment. */
  readonly escalated: boolean;
}

/** What the planner of one kind gives. */
export interface Planned {
  readonly measures: MeasureCall[];
  readonly doesNotStop: string[];
  readonly guidance: Guidance[];
}

/** Collects measures, gaps and guidance of one plan. */
export interface Draft extends Planned {
  add(measure: MeasureCall['measure'], target: string): void;
}

/** An empty plan of a principal. */
export function createDraft(scope: PlanScope): Draft {
  const draft: Planned = { measures: [], doesNotStop: [], guidance: [] };
  return { ...draft, add: (measure, target) => void draft.measures.push(measureCallFor({ measure, target }, scope)) };
}
