import type { MeasureResult, WriteInput } from '../../src/contracts/measure.js';
import type { MeasureName } from '../../src/contracts/plan.js';
import { write } from '../runtime/activities.js';

interface Row {
  readonly undo: keyof typeof write;
  /** `deny ci-deploy everything, inline`: what Temporal UI shows. */
  readonly summary: (input: WriteInput) => string;
}

const ROWS: Readonly<Record<MeasureName, Row>> = {
  attachQuarantinePolicy: {
    undo: 'undoAttachQuarantinePolicy',
    summary: ({ principal }) => `attach the quarantine policy to ${principal.name}`,
  },
  denyUser: { undo: 'undoDenyUser', summary: ({ principal }) => `deny ${principal.name} everything, inline` },
  denyRole: { undo: 'undoDenyRole', summary: ({ principal }) => `deny role ${principal.name} everything, inline` },
  putBoundary: { undo: 'undoPutBoundary', summary: ({ principal }) => `set the deny-all boundary on ${principal.name}` },
  closeTrust: { undo: 'undoCloseTrust', summary: ({ principal }) => `let nobody assume ${principal.name}` },
  deactivateAccessKey: {
    undo: 'undoDeactivateAccessKey',
    summary: ({ principal, call }) => `deactivate ${call.target} of ${principal.name}`,
  },
  deactivateServiceCredential: {
    undo: 'undoDeactivateServiceCredential',
    summary: ({ principal, call }) => `deactivate service credential ${call.target} of ${principal.name}`,
  },
  deactivateSshKey: {
    undo: 'undoDeactivateSshKey',
    summary: ({ principal, call }) => `deactivate SSH key ${call.target} of ${principal.name}`,
  },
  deactivateSigningCertificate: {
    undo: 'undoDeactivateSigningCertificate',
    summary: ({ principal, call }) => `deactivate certificate ${call.target} of ${principal.name}`,
  },
  deleteLoginProfile: { undo: 'undoDeleteLoginProfile', summary: ({ principal }) => `delete the console password of ${principal.name}` },
  revokeSessions: { undo: 'undoRevokeSessions', summary: ({ principal }) => `revoke sessions of ${principal.name} issued until now` },
};

/** Makes one call of the plan. */
export function applyMeasure(input: WriteInput): Promise<MeasureResult> {
  const { measure } = input.call;
  return write[measure].executeWithOptions({ summary: ROWS[measure].summary(input).slice(0, 200) }, [input]);
}

/** Takes one recorded measure back. */
export function undoMeasure(input: WriteInput): Promise<MeasureResult> {
  const summary = `undo ${input.call.measure} on ${input.principal.name}`;
  return write[ROWS[input.call.measure].undo].executeWithOptions({ summary: summary.slice(0, 200) }, [input]);
}
