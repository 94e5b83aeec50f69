import { GetRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { permanent } from '../../../src/contracts/failures.js';
import { CLOSED_TRUST_DOCUMENT } from '../../../src/domain/planning/documents.js';
import { closedTrustTarget } from '../../../src/domain/planning/measure-calls.js';
import { createFieldMeasure } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Replaces the role's trust policy by one that lets nobody in, so that no new session is made. The target carries the
 * hash of the policy that was there: the undo puts back that one and no other. Needs `iam:GetRole` and
 * `iam:UpdateAssumeRolePolicy` on the role.
 *
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createCloseTrust(deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'closeTrust',
      layer: 'trust',
      contained: () => CLOSED_TRUST_DOCUMENT,
      restorable: (before, { principal, target }) => typeof before === 'string' && closedTrustTarget(principal, before) === target,
      async read({ principal, iam }) {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: principal.name }));
        return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
      },
      async write({ principal, iam }, value) {
        if (typeof value !== 'string') throw permanent('InvalidPayload', 'a trust policy is a document');
        return requestIdsOf(await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: principal.name, PolicyDocument: value })));
      },
    },
    deps,
  );
}
