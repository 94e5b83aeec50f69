import type {
  DescribePermissionSetRequest,
  DescribePermissionSetResponse,
  ListInstancesRequest,
  ListInstancesResponse,
  ListManagedPoliciesInPermissionSetRequest,
  ListManagedPoliciesInPermissionSetResponse,
  ListPermissionSetsRequest,
  ListPermissionSetsResponse,
} from '@aws-sdk/client-sso-admin';
import { operation, type Operations } from '../server/operation.js';
import { checkInstance, answersHere, onInstance, permissionSetOf, tokenPage } from './find.js';
import type { IdentityCenter } from './identity-center.js';

/** Reads of the instance and its permission sets. */
export function createPermissionSetOperations(center: IdentityCenter): Operations {
  return {
    ListInstances: operation<ListInstancesRequest, ListInstancesResponse>({
      kind: 'read',
      access: () => ({ resources: ['*'] }),
      run: (_input, call) => ({
        Instances: answersHere(center, call)
          ? [
              {
                InstanceArn: center.instanceArn,
                IdentityStoreId: center.identityStoreId,
                OwnerAccountId: center.organization.managementAccountId,
                CreatedDate: new Date(center.createdAt),
                Status: 'ACTIVE',
              },
            ]
          : [],
      }),
    }),

    ListPermissionSets: operation<ListPermissionSetsRequest, ListPermissionSetsResponse>({
      kind: 'read',
      access: (input) => onInstance(input),
      run: (input, call) => {
        checkInstance(center, { call, input });
        const { page, token } = tokenPage(center.permissionSets, input);
        return { PermissionSets: page.map(({ arn }) => arn), ...token };
      },
    }),

    DescribePermissionSet: operation<DescribePermissionSetRequest, DescribePermissionSetResponse>({
      kind: 'read',
      access: (input) => onInstance(input, input.PermissionSetArn),
      run: (input, call) => {
        const { arn, name, description, createdAt, sessionSeconds } = permissionSetOf(center, { call, input });
        return {
          PermissionSet: {
            PermissionSetArn: arn,
            Name: name,
            ...(description === '' ? {} : { Description: description }),
            CreatedDate: new Date(createdAt),
            SessionDuration: `PT${sessionSeconds / 3600}H`,
          },
        };
      },
    }),

    ListManagedPoliciesInPermissionSet: operation<ListManagedPoliciesInPermissionSetRequest, ListManagedPoliciesInPermissionSetResponse>({
      kind: 'read',
      access: (input) => onInstance(input, input.PermissionSetArn),
      run: (input, call) => {
        const { page, token } = tokenPage(permissionSetOf(center, { call, input }).managedPolicyArns, input);
        return { AttachedManagedPolicies: page.map((Arn) => ({ Arn, Name: Arn.split('/').at(-1) ?? '' })), ...token };
      },
    }),
  };
}
