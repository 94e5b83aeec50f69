import type {
  ListAccountsForProvisionedPermissionSetRequest,
  ListAccountsForProvisionedPermissionSetResponse,
  ListPermissionSetsProvisionedToAccountRequest,
  ListPermissionSetsProvisionedToAccountResponse,
  ProvisioningStatus,
} from '@aws-sdk/client-sso-admin';
import { operation, type Operations } from '../server/operation.js';
import { accountArn, checkInstance, memberAccount, onInstance, permissionSetOf, tokenPage } from './find.js';
import type { IdentityCenter, PermissionSet } from './identity-center.js';

/** Reads of where permission sets are provisioned, and whether as they are now. */
export function createProvisionedLists(center: IdentityCenter): Operations {
  return {
    ListPermissionSetsProvisionedToAccount: operation<
      ListPermissionSetsProvisionedToAccountRequest,
      ListPermissionSetsProvisionedToAccountResponse
    >({
      kind: 'read',
      access: (input) => onInstance(input, accountArn(input.AccountId)),
      run: (input, call) => {
        checkInstance(center, { call, input });
        const { id } = memberAccount(center, input.AccountId);
        const there = center.permissionSets.filter((set) => isProvisioned(set, { accountId: id, status: input.ProvisioningStatus }));
        const { page, token } = tokenPage(there, input);
        return { PermissionSets: page.map(({ arn }) => arn), ...token };
      },
    }),

    ListAccountsForProvisionedPermissionSet: operation<
      ListAccountsForProvisionedPermissionSetRequest,
      ListAccountsForProvisionedPermissionSetResponse
    >({
      kind: 'read',
      access: (input) => onInstance(input, input.PermissionSetArn),
      run: (input, call) => {
        const set = permissionSetOf(center, { call, input });
        const ids = [...set.provisioned.keys()].sort();
        const { page, token } = tokenPage(
          ids.filter((accountId) => isProvisioned(set, { accountId, status: input.ProvisioningStatus })),
          input,
        );
        return { AccountIds: page, ...token };
      },
    }),
  };
}

function isProvisioned(
  { provisioned, version }: PermissionSet,
  { accountId, status }: { accountId: string; status: ProvisioningStatus | undefined },
): boolean {
  const there = provisioned.get(accountId);
  if (there === undefined) return false;
  return status === undefined || (status === 'LATEST_PERMISSION_SET_PROVISIONED') === (there.version === version);
}
