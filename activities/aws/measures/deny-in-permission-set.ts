import {
  DeleteInlinePolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
} from '@aws-sdk/client-sso-admin';
import { personDenyIn, withPersonDeny } from '../../../src/domain/planning/permission-set-policy.js';
import { createFieldMeasure } from './field-measure.js';
import { identityCenterOf } from './identity-center.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Denies one person of Identity Center inside a permission set that others have too, and provisions it to the account (aws-domain 1.2, D5).
 * Provisioning goes on in the background: the refused calls show when it holds. The target is the permission set's ARN. Needs
 * `sso:GetInlinePolicyForPermissionSet`, `PutInlinePolicyToPermissionSet`, `DeleteInlinePolicyFromPermissionSet`, `ProvisionPermissionSet` in the
 * delegated account.
 *
 * @throws TargetNotFound, UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, ConflictInFlight, transient.
 */
export function createDenyInPermissionSet(deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'denyInPermissionSet',
      layer: 'deny',
      contained: () => 'present',
      restorable: (before) => before === 'present' || before === 'absent',
      async read({ principal, target, incidentId }) {
        const { client, InstanceArn } = await identityCenterOf(deps, incidentId);
        const answer = await client.send(new GetInlinePolicyForPermissionSetCommand({ InstanceArn, PermissionSetArn: target }));
        return personDenyIn(answer.InlinePolicy ?? '', principal.uniqueId);
      },
      async write({ principal, target, incidentId }, value) {
        const { client, InstanceArn } = await identityCenterOf(deps, incidentId);
        const set = { InstanceArn, PermissionSetArn: target };
        const { InlinePolicy = '' } = await client.send(new GetInlinePolicyForPermissionSetCommand(set));
        const next = withPersonDeny(InlinePolicy, { userId: principal.uniqueId, denied: value === 'present' });
        const put =
          next === ''
            ? await client.send(new DeleteInlinePolicyFromPermissionSetCommand(set))
            : await client.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy: next }));
        const account = { TargetType: 'AWS_ACCOUNT', TargetId: principal.account } as const;
        const provisioned = await client.send(new ProvisionPermissionSetCommand({ ...set, ...account }));
        return [...requestIdsOf(put), ...requestIdsOf(provisioned)];
      },
    },
    deps,
  );
}
