import type { Operations } from '../../server/operation.js';
import { accessKeyOperations } from './access-keys.js';
import { accountOperations } from './account.js';
import { attachmentOperations } from './attachments.js';
import { boundaryOperations } from './boundaries.js';
import { credentialReportOperations } from './credential-report.js';
import { groupOperations } from './groups.js';
import { identityProviderOperations } from './identity-providers.js';
import { inlinePolicyOperations } from './inline-policies.js';
import { instanceProfileOperations } from './instance-profiles.js';
import { loginProfileOperations } from './login-profiles.js';
import { managedPolicyOperations } from './managed-policies.js';
import { mfaDeviceOperations } from './mfa-devices.js';
import { policyVersionOperations } from './policy-versions.js';
import { roleOperations } from './roles.js';
import { serviceCredentialOperations } from './service-credentials.js';
import { signingCertificateOperations } from './signing-certificates.js';
import { simulateOperations } from './simulate.js';
import { sshKeyOperations } from './ssh-keys.js';
import { userOperations } from './users.js';

/** Every IAM call the range answers; any other is `InvalidAction`. */
export const iamOperations: Operations = {
  ...userOperations,
  ...accessKeyOperations,
  ...inlinePolicyOperations,
  ...attachmentOperations,
  ...boundaryOperations,
  ...groupOperations,
  ...managedPolicyOperations,
  ...policyVersionOperations,
  ...loginProfileOperations,
  ...serviceCredentialOperations,
  ...sshKeyOperations,
  ...signingCertificateOperations,
  ...mfaDeviceOperations,
  ...identityProviderOperations,
  ...roleOperations,
  ...instanceProfileOperations,
  ...accountOperations,
  ...credentialReportOperations,
  ...simulateOperations,
};
