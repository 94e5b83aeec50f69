import type { MeasureName } from '../../../src/contracts/plan.js';
import { createAttachQuarantinePolicy } from './attach-quarantine-policy.js';
import { createCloseTrust } from './close-trust.js';
import { createDeactivateAccessKey } from './deactivate-access-key.js';
import { createDeactivateServiceCredential } from './deactivate-service-credential.js';
import { createDeactivateSigningCertificate } from './deactivate-signing-certificate.js';
import { createDeactivateSshKey } from './deactivate-ssh-key.js';
import { createDeleteAssignment } from './delete-assignment.js';
import { createDeleteLoginProfile } from './delete-login-profile.js';
import { createDeleteRootCredentials } from './delete-root-credentials.js';
import { createDenyInPermissionSet } from './deny-in-permission-set.js';
import { createDenyInline } from './deny-inline.js';
import { createDenySession } from './deny-session.js';
import { createDetachInstanceProfile } from './detach-instance-profile.js';
import { createJoinDenyGroup } from './join-deny-group.js';
import type { Measure, MeasureDeps } from './measure.js';
import { createPutBoundary } from './put-boundary.js';
import { createRequireImdsV2 } from './require-imds-v2.js';
import { createRevokeSessions } from './revoke-sessions.js';
import { createScpMeasure } from './scp-measure.js';
import { createSetDenyVersion } from './set-deny-version.js';
import { createStopFunction } from './stop-function.js';

/** The registry: one row per measure, keys are the names in plans, activity types and files. */
export function createMeasures(deps: MeasureDeps): Record<MeasureName, Measure> {
  return {
    quarantineByScp: createScpMeasure('quarantineByScp', deps),
    freezeMinting: createScpMeasure('freezeMinting', deps),
    attachQuarantinePolicy: createAttachQuarantinePolicy(deps),
    joinDenyGroup: createJoinDenyGroup(deps),
    denyUser: createDenyInline('denyUser', deps),
    denyRole: createDenyInline('denyRole', deps),
    denySession: createDenySession(deps),
    putBoundary: createPutBoundary(deps),
    setDenyVersion: createSetDenyVersion(deps),
    denyInPermissionSet: createDenyInPermissionSet(deps),
    deleteAssignment: createDeleteAssignment(deps),
    closeTrust: createCloseTrust(deps),
    deactivateAccessKey: createDeactivateAccessKey(deps),
    deactivateServiceCredential: createDeactivateServiceCredential(deps),
    deactivateSshKey: createDeactivateSshKey(deps),
    deactivateSigningCertificate: createDeactivateSigningCertificate(deps),
    deleteLoginProfile: createDeleteLoginProfile(deps),
    deleteRootCredentials: createDeleteRootCredentials(deps),
    stopFunction: createStopFunction(deps),
    detachInstanceProfile: createDetachInstanceProfile(deps),
    requireImdsV2: createRequireImdsV2(deps),
    revokeSessions: createRevokeSessions(deps),
  };
}
