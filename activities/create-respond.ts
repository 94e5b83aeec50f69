import { createAuthorizeWrite } from './aws/authorize-write.js';
import { createMeasures } from './aws/measures/index.js';
import { createWatchContainment } from './aws/watch-containment.js';
import type { RespondActivities } from './index.js';
import type { ActivityDeps } from './activity-deps.js';
import type { Shared } from './shared.js';

/** Respond task queue: every measure with its undo, and the watch. */
export function createRespondActivities(deps: ActivityDeps, { reads, own, now }: Shared): RespondActivities {
  const { authority, guard, nowMs } = deps;
  const authorize = createAuthorizeWrite({ ...reads, ...deps.responder, ownIdentity: own.responder, authority, guard });
  const measures = createMeasures({ authorize, iam: deps.responder.iam, now });
  return {
    attachQuarantinePolicy: measures.attachQuarantinePolicy.apply,
    undoAttachQuarantinePolicy: measures.attachQuarantinePolicy.undo,
    denyUser: measures.denyUser.apply,
    undoDenyUser: measures.denyUser.undo,
    putBoundary: measures.putBoundary.apply,
    undoPutBoundary: measures.putBoundary.undo,
    deactivateAccessKey: measures.deactivateAccessKey.apply,
    undoDeactivateAccessKey: measures.deactivateAccessKey.undo,
    denyRole: measures.denyRole.apply,
    undoDenyRole: measures.denyRole.undo,
    closeTrust: measures.closeTrust.apply,
    undoCloseTrust: measures.closeTrust.undo,
    deactivateServiceCredential: measures.deactivateServiceCredential.apply,
    undoDeactivateServiceCredential: measures.deactivateServiceCredential.undo,
    deactivateSshKey: measures.deactivateSshKey.apply,
    undoDeactivateSshKey: measures.deactivateSshKey.undo,
    deactivateSigningCertificate: measures.deactivateSigningCertificate.apply,
    undoDeactivateSigningCertificate: measures.deactivateSigningCertificate.undo,
    deleteLoginProfile: measures.deleteLoginProfile.apply,
    undoDeleteLoginProfile: measures.deleteLoginProfile.undo,
    revokeSessions: measures.revokeSessions.apply,
    undoRevokeSessions: measures.revokeSessions.undo,
    watchContainment: createWatchContainment({ iam: deps.responder.iam, measures, nowMs }),
  };
}
