import type { Operations } from '../../server/operation.js';
import { accessKeyOperations } from './access-keys.js';
import { accountOperations } from './account.js';
import { attachmentOperations } from './attachments.js';
import { groupOperations } from './groups.js';
import { inlinePolicyOperations } from './inline-policies.js';
import { loginProfileOperations } from './login-profiles.js';
import { managedPolicyOperations } from './managed-policies.js';
import { otherCredentialOperations } from './other-credentials.js';
import { roleOperations } from './roles.js';
import { simulateOperations } from './simulate.js';
import { userOperations } from './users.js';

/** Every IAM call the range answers; any other is `InvalidAction`. */
export const iamOperations: Operations = {
  ...userOperations,
  ...accessKeyOperations,
  ...inlinePolicyOperations,
  ...attachmentOperations,
  ...groupOperations,
  ...managedPolicyOperations,
  ...loginProfileOperations,
  ...otherCredentialOperations,
  ...roleOperations,
  ...accountOperations,
  ...simulateOperations,
};
