import {
  DeleteInlinePolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  paginateListAccountsForProvisionedPermissionSet,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { MeasureResult, WriteInput } from '../../../src/contracts/measure.js';
import { personDenyIn, withPersonDeny } from '../../../src/domain/planning/permission-set-policy.js';
import { createFieldMeasure } from './field-measure.js';
import { identityCenterOf, inItsTurn, unlessMissing } from './identity-center.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Denies one person of Identity Center inside a permission set that others have too, and provisions it to the account (aws-domain 1.2, D5).
 * Provisioning goes on in the background: the refused calls show when it holds. The target is the permission set's ARN. Needs
 * `sso:GetInlinePolicyForPermissionSet`, `PutInlinePolicyToPermissionSet`, `DeleteInlinePolicyFromPermissionSet`,
 * `ListAccountsForProvisionedPermissionSet`, `ProvisionPermissionSet` in the delegated account.
 *
 * @throws TargetNotFound, UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, ConflictInFlight, transient.
 */
export function createDenyInPermissionSet(deps: MeasureDeps): Measure {
  const measure = createFieldMeasure(
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
        return next === ''
          ? unlessMissing(client.send(new DeleteInlinePolicyFromPermissionSetCommand(set)))
          : requestIdsOf(await client.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy: next })));
      },
    },
    deps,
  );

  /**
   * The account gets the permission set as it is now. A delivery before this one may have changed it and not come this far:
   * what the account has is asked, not what this delivery did.
   */
  async function provisioned(result: MeasureResult, { principal, incidentId }: WriteInput): Promise<MeasureResult> {
    const { client, InstanceArn } = await identityCenterOf(deps, incidentId);
    const set = { InstanceArn, PermissionSetArn: result.target };
    if (!result.changed && !(await isStale(client, { set, account: principal.account }))) return result;
    const account = { TargetType: 'AWS_ACCOUNT', TargetId: principal.account } as const;
    const answer = await inItsTurn(client.send(new ProvisionPermissionSetCommand({ ...set, ...account })));
    return { ...result, requestIds: [...result.requestIds, ...requestIdsOf(answer)] };
  }

  return {
    ...measure,
    apply: async (input) => provisioned(await measure.apply(input), input),
    undo: async (input) => provisioned(await measure.undo(input), input),
  };
}

/** Whether the account has the permission set as it was before some change. */
async function isStale(
  client: SSOAdminClient,
  { set, account }: { set: { InstanceArn: string; PermissionSetArn: string }; account: string },
): Promise<boolean> {
  const stale = { ...set, ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED' } as const;
  for await (const { AccountIds = [] } of paginateListAccountsForProvisionedPermissionSet({ client }, stale))
    if (AccountIds.includes(account)) return true;
  return false;
}
