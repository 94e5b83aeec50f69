import { MeasureName, UNDO_NAMES } from '../src/contracts/plan.js';
import { createAuthorizeWrite } from './aws/authorize-write.js';
import { createDescentProblem } from './aws/descent-problem.js';
import { createMeasures } from './aws/measures/index.js';
import type { Measure } from './aws/measures/measure.js';
import { createWatchContainment } from './aws/watch-containment.js';
import { createWriteQuarantineScp } from './aws/write-quarantine-scp.js';
import type { MeasureActivities, RespondActivities } from './index.js';
import type { ActivityDeps } from './activity-deps.js';
import type { Shared } from './shared.js';

/** Respond task queue: every measure with its undo, the watch, and the writer of quarantine SCPs. */
export function createRespondActivities(deps: ActivityDeps, { reads, own, now }: Shared): RespondActivities {
  const { authority, guard, evidence, scps } = deps;
  const descentProblem = createDescentProblem(reads);
  const authorize = createAuthorizeWrite({ ...reads, ownIdentity: own.responder, authority, guard, descentProblem });
  const measures = createMeasures({ ...reads, scps, authorize, now });
  return {
    ...activitiesOf(measures),
    watchContainment: createWatchContainment({ ...reads, measures, evidence }),
    writeQuarantineScp: createWriteQuarantineScp({ ...reads, authorize }),
  };
}

/** Each measure under its own name, and its undo under the name of its undo. */
function activitiesOf(measures: Record<MeasureName, Measure>): MeasureActivities {
  const rows: Partial<MeasureActivities> = {};
  for (const name of MeasureName.options) {
    rows[name] = measures[name].apply;
    rows[UNDO_NAMES[name]] = measures[name].undo;
  }
  if (!isWhole(rows)) throw new Error('a measure without an activity');
  return rows;
}

function isWhole(rows: Partial<MeasureActivities>): rows is MeasureActivities {
  return MeasureName.options.every((name) => rows[name] !== undefined && rows[UNDO_NAMES[name]] !== undefined);
}
