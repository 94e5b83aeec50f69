import type { MeasureName } from '../../../src/contracts/plan.js';
import { createAttachQuarantinePolicy } from './attach-quarantine-policy.js';
import { createDeactivateAccessKey } from './deactivate-access-key.js';
import { createDenyUser } from './deny-user.js';
import type { Measure, MeasureDeps } from './measure.js';
import { createPutBoundary } from './put-boundary.js';

/** The registry: one row per measure, keys are the names in plans, activity types and files. */
export function createMeasures(deps: MeasureDeps): Record<MeasureName, Measure> {
  return {
    attachQuarantinePolicy: createAttachQuarantinePolicy(deps),
    denyUser: createDenyUser(deps),
    putBoundary: createPutBoundary(deps),
    deactivateAccessKey: createDeactivateAccessKey(deps),
  };
}
