import { DENY_ALL_DOCUMENT } from '../../../src/domain/planning/documents.js';
import { createFieldMeasure } from './field-measure.js';
import { readInlinePolicy, writeInlinePolicy } from './inline-policy.js';
import type { Measure, MeasureDeps } from './measure.js';

/**
 * Puts the inline deny `IRQuarantine-<incident>` (aws-domain 1.2, D1). On a user it stops its keys, its console session
 * and every session it minted; needs `iam:GetUserPolicy`, `iam:PutUserPolicy` and, for the undo, `iam:DeleteUserPolicy`.
 * On a role it stops every session of the role; needs the same three for roles.
 *
 * @throws QuotaExceeded, permanent: the characters for inline policies are used up (2,048 of a user, 10,240 of a role).
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createDenyInline(name: 'denyUser' | 'denyRole', deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name,
      layer: 'deny',
      contained: () => DENY_ALL_DOCUMENT,
      // The name is ours: a document under it could only be somebody's way to have us write their policy.
      restorable: (before) => before === null || before === DENY_ALL_DOCUMENT,
      read: (field) => readInlinePolicy(field.iam, field),
      write: (field, value) => writeInlinePolicy(field.iam, field, typeof value === 'string' ? value : null),
    },
    deps,
  );
}
