import type { Measure } from '../../../activities/aws/measures/measure.js';
import type { MeasureName } from '../../contracts/plan.js';
import type { Sabotage } from './grid.js';

/** Everything that denies: without these a stolen session goes on. */
const DENIES: readonly MeasureName[] = ['quarantineByScp', 'freezeMinting', 'attachQuarantinePolicy', 'denyUser', 'putBoundary'];

/** Measures of which some lie: the judgement must not rest on what they say of themselves. */
export function sabotaged(measures: Record<MeasureName, Measure>, sabotage: Sabotage | undefined): Record<MeasureName, Measure> {
  if (sabotage === undefined) return measures;
  const liars = { ...measures };
  for (const name of DENIES) liars[name] = lying(measures[name], sabotage);
  return liars;
}

/** Says that it wrote, and writes nothing; with `verifySaysYes` it also finds what it did not write. */
function lying(measure: Measure, sabotage: Sabotage): Measure {
  return {
    ...measure,
    apply: async ({ call, approvedPlan }) => ({
      measure: measure.name,
      target: call.target,
      changed: true,
      before: null,
      after: null,
      at: approvedPlan.plannedAt,
      requestIds: [],
    }),
    verify: sabotage === 'verifySaysYes' ? async () => ({ holds: true, found: 'as written' }) : measure.verify,
  };
}
