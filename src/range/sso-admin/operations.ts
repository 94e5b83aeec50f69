import type { Random } from '../random/random.js';
import type { Operations } from '../server/operation.js';
import { createAssignmentLists } from './assignment-lists.js';
import { createAssignmentOperations } from './assignment-operations.js';
import { createAssignmentStatusOperations } from './assignment-status.js';
import type { IdentityCenter } from './identity-center.js';
import { createInlinePolicyOperations } from './inline-policy-operations.js';
import { createPermissionSetOperations } from './permission-set-operations.js';
import { createProvisionedLists } from './provisioned-lists.js';
import { createProvisioningOperations } from './provisioning-operations.js';

/** The IAM Identity Center calls the range answers, in whichever account; none without an Identity Center. */
export function createSsoAdminOperations(center: IdentityCenter | undefined, random: Random): Operations {
  if (center === undefined) return {};
  return {
    ...createPermissionSetOperations(center),
    ...createInlinePolicyOperations(center),
    ...createProvisioningOperations(center, random),
    ...createProvisionedLists(center),
    ...createAssignmentOperations(center, random),
    ...createAssignmentStatusOperations(center),
    ...createAssignmentLists(center),
  };
}
