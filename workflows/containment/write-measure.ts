import type { MeasureResult, WriteInput } from '../../src/contracts/measure.js';
import { type MeasureName, UNDO_NAMES } from '../../src/contracts/plan.js';
import { write } from '../runtime/activities.js';

/** `deny ci-deploy everything, inline`: what Temporal UI shows. */
const SUMMARIES: Readonly<Record<MeasureName, (input: WriteInput) => string>> = {
  quarantineByScp: ({ principal }) => `deny ${principal.name} everything, by SCP`,
  freezeMinting: ({ principal }) => `freeze IAM changes in ${principal.account}, by SCP`,
  attachQuarantinePolicy: ({ principal }) => `attach the quarantine policy to ${principal.name}`,
  joinDenyGroup: ({ principal }) => `put ${principal.name} into the deny group`,
  denyUser: ({ principal }) => `deny ${principal.name} everything, inline`,
  denyRole: ({ principal }) => `deny role ${principal.name} everything, inline`,
  denySession: ({ principal, call }) => `deny session ${call.target} of ${principal.name}`,
  putBoundary: ({ principal }) => `set the deny-all boundary on ${principal.name}`,
  setDenyVersion: ({ call }) => `make ${call.target} deny everything`,
  denyInPermissionSet: ({ principal }) => `deny ${principal.name} inside its permission set`,
  deleteAssignment: ({ principal }) => `take a permission set from ${principal.name}`,
  closeTrust: ({ principal }) => `let nobody assume ${principal.name}`,
  deactivateAccessKey: ({ principal, call }) => `deactivate ${call.target} of ${principal.name}`,
  deactivateServiceCredential: ({ principal, call }) => `deactivate service credential ${call.target} of ${principal.name}`,
  deactivateSshKey: ({ principal, call }) => `deactivate SSH key ${call.target} of ${principal.name}`,
  deactivateSigningCertificate: ({ principal, call }) => `deactivate certificate ${call.target} of ${principal.name}`,
  deleteLoginProfile: ({ principal }) => `delete the console password of ${principal.name}`,
  deleteRootCredentials: ({ principal }) => `delete the root credentials of ${principal.account}`,
  stopFunction: ({ call }) => `give function ${call.target} no more executions`,
  detachInstanceProfile: ({ call }) => `take the role from instance ${call.target}`,
  requireImdsV2: ({ call }) => `ask for session tokens at instance ${call.target}`,
  revokeSessions: ({ principal }) => `revoke sessions of ${principal.name} issued until now`,
};

/** Makes one call of the plan. */
export function applyMeasure(input: WriteInput): Promise<MeasureResult> {
  const { measure } = input.call;
  return write[measure].executeWithOptions({ summary: SUMMARIES[measure](input).slice(0, 200) }, [input]);
}

/** Takes one recorded measure back. */
export function undoMeasure(input: WriteInput): Promise<MeasureResult> {
  const summary = `undo ${input.call.measure} on ${input.principal.name}`;
  return write[UNDO_NAMES[input.call.measure]].executeWithOptions({ summary: summary.slice(0, 200) }, [input]);
}
