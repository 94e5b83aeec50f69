import { ApplicationFailure } from '@temporalio/common';
import { permanent } from '../../../src/contracts/failures.js';
import type { MeasureName } from '../../../src/contracts/plan.js';
import { createFieldMeasure, type OpenField } from './field-measure.js';
import type { Measure, MeasureDeps, Verification } from './measure.js';

export type CredentialStatus = 'Active' | 'Inactive';

/** A credential that AWS can switch off and keep. */
export interface StatusSpec {
  readonly name: MeasureName;
  /** For messages: `key`, `SSH key`. */
  readonly what: string;
  /** Status of the user's credential of that id; undefined when there is none. */
  readonly read: (field: OpenField) => Promise<string | undefined>;
  readonly write: (field: OpenField, status: CredentialStatus) => Promise<string[]>;
}

/**
 * Sets one credential of a user `Inactive`. It is kept, so the undo is exact. One that its owner deleted is as dead as
 * can be: neither missing nor a drift.
 *
 * @throws TargetNotFound, permanent: the user owns no such credential (deleted since).
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createStatusMeasure(spec: StatusSpec, deps: MeasureDeps): Measure {
  const measure = createFieldMeasure(
    {
      name: spec.name,
      layer: 'credential',
      contained: () => 'Inactive',
      restorable: (before) => before === 'Active' || before === 'Inactive',
      async read(field) {
        const status = await spec.read(field);
        if (status === undefined) throw permanent('TargetNotFound', `${field.principal.name} has no ${spec.what} ${field.target}`);
        // A service-specific credential may be `Expired`: as good as switched off.
        return status === 'Active' ? 'Active' : 'Inactive';
      },
      write: (field, value) => spec.write(field, value === 'Active' ? 'Active' : 'Inactive'),
    },
    deps,
  );
  return { ...measure, verify: (subject) => measure.verify(subject).catch(holdsWhenDeleted) };
}

function holdsWhenDeleted(error: unknown): Verification {
  if (error instanceof ApplicationFailure && error.type === 'TargetNotFound') return { holds: true, found: 'deleted' };
  throw error;
}
