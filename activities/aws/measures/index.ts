import type { MeasureName } from '../../../src/contracts/plan.js';
import { createAttachQuarantinePolicy } from './attach-quarantine-policy.js';
import { createCloseTrust } from './close-trust.js';
import { createDeactivateAccessKey } from './deactivate-access-key.js';
import { createDeactivateServiceCredential } from './deactivate-service-credential.js';
import { createDeactivateSigningCertificate } from './deactivate-signing-certificate.js';
import { createDeactivateSshKey } from './deactivate-ssh-key.js';
import { createDeleteLoginProfile } from './delete-login-profile.js';
import { createDenyInline } from './deny-inline.js';
import type { Measure, MeasureDeps } from './measure.js';
import { createPutBoundary } from './put-boundary.js';
import { createRevokeSessions } from './revoke-sessions.js';

/** The registry: one row per measure, keys are the names in plans, activity types and files. */
export function createMeasures(deps: MeasureDeps): Record<MeasureName, Measure> {
  return {
    attachQuarantinePolicy: createAttachQuarantinePolicy(deps),
    denyUser: createDenyInline('denyUser', deps),
    denyRole: createDenyInline('denyRole', deps),
    putBoundary: createPutBoundary(deps),
    closeTrust: createCloseTrust(deps),
    deactivateAccessKey: createDeactivateAccessKey(deps),
    deactivateServiceCredential: createDeactivateServiceCredential(deps),
    deactivateSshKey: createDeactivateSshKey(deps),
    deactivateSigningCertificate: createDeactivateSigningCertificate(deps),
    deleteLoginProfile: createDeleteLoginProfile(deps),
    revokeSessions: createRevokeSessions(deps),
  };
}
