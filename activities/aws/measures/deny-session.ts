import { denySessionDocument } from '../../../src/domain/planning/documents.js';
import { denySessionName } from '../../../src/domain/planning/measure-calls.js';
import { createFieldMeasure, type Field } from './field-measure.js';
import { readInlinePolicy, writeInlinePolicy } from './inline-policy.js';
import type { Measure, MeasureDeps } from './measure.js';

/**
 * Denies one session of a role and leaves the others (aws-domain 1.2, D4): an inline policy on the role, conditioned on
 * `aws:userid`. The target is the session's name. Needs `iam:GetRolePolicy`, `iam:PutRolePolicy` and, for the undo, `iam:DeleteRolePolicy`.
 *
 * @throws QuotaExceeded, permanent: the role's 10,240 characters for inline policies are used up.
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createDenySession(deps: MeasureDeps): Measure {
  const documentOf = ({ principal, target }: Field): string => denySessionDocument(`${principal.uniqueId}:${target}`);
  const policyOf = (field: Field): Pick<Field, 'principal' | 'target'> => ({
    principal: field.principal,
    target: denySessionName(field.incidentId, field.target),
  });
  return createFieldMeasure(
    {
      name: 'denySession',
      layer: 'deny',
      contained: documentOf,
      restorable: (before, field) => before === null || before === documentOf(field),
      read: (field) => readInlinePolicy(field.iam, policyOf(field)),
      write: (field, value) => writeInlinePolicy(field.iam, policyOf(field), typeof value === 'string' ? value : null),
    },
    deps,
  );
}
