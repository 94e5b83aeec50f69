import type { RestoreActivities } from '../../../index.js';
import type { RemovalDeps } from '../removal.js';
import { createDeleteAccessKey } from './delete-access-key.js';
import { createDeletePolicy } from './delete-policy.js';
import { createDeleteRole } from './delete-role.js';
import { createDeleteUser } from './delete-user.js';
import { createTerminateInstance } from './terminate-instance.js';

/** The registry: one row per action of `EradicationAction`, keys are the activity types. */
export function createRemovals(deps: RemovalDeps): Omit<RestoreActivities, 'issueCredential'> {
  return {
    deleteUser: createDeleteUser(deps),
    deleteRole: createDeleteRole(deps),
    deletePolicy: createDeletePolicy(deps),
    deleteAccessKey: createDeleteAccessKey(deps),
    terminateInstance: createTerminateInstance(deps),
  };
}
