import { DeleteUserPolicyCommand, GetUserPolicyCommand, NoSuchEntityException, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { DENY_ALL_DOCUMENT } from '../../../src/domain/planning/documents.js';
import { createFieldMeasure } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Puts the inline deny `IRQuarantine-<incident>` (aws-domain 1.2, D1) on a user: stops its keys, its console
 * session and every session it minted. Needs `iam:GetUserPolicy`, `iam:PutUserPolicy` and, for the undo,
 * `iam:DeleteUserPolicy` on the user.
 *
 * @throws QuotaExceeded, permanent: the user's 2,048 characters of inline policy are used up.
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createDenyUser({ iam, ...deps }: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'denyUser',
      layer: 'deny',
      contained: () => DENY_ALL_DOCUMENT,
      // The name is ours: a document under it could only be somebody's way to have us write their policy.
      restorable: (before) => before === null || before === DENY_ALL_DOCUMENT,
      async read({ principal, target }) {
        try {
          const { PolicyDocument = '' } = await iam.send(new GetUserPolicyCommand({ UserName: principal.name, PolicyName: target }));
          return decodeURIComponent(PolicyDocument);
        } catch (error) {
          if (error instanceof NoSuchEntityException) return null;
          throw error;
        }
      },
      async write({ principal, target }, value) {
        const name = { UserName: principal.name, PolicyName: target };
        if (typeof value === 'string') return requestIdsOf(await iam.send(new PutUserPolicyCommand({ ...name, PolicyDocument: value })));
        return requestIdsOf(await iam.send(new DeleteUserPolicyCommand(name)));
      },
    },
    deps,
  );
}
