import type {
  Account as AccountShape,
  DescribeAccountRequest,
  DescribeAccountResponse,
  DescribeOrganizationResponse,
  ListAccountsForParentRequest,
  ListAccountsForParentResponse,
  ListAccountsRequest,
  ListAccountsResponse,
  ListOrganizationalUnitsForParentRequest,
  ListOrganizationalUnitsForParentResponse,
  ListParentsRequest,
  ListParentsResponse,
  ListRootsRequest,
  ListRootsResponse,
  MoveAccountRequest,
} from '@aws-sdk/client-organizations';
import { AwsError, required } from '../aws-error.js';
import type { Account } from '../iam/account.js';
import type { View } from '../facets/facet.js';
import type { Operations } from '../server/operation.js';
import { arnOf } from './arns.js';
import { notFound } from './errors.js';
import { changeOf, organizationsOperation, paged } from './operation.js';
import type { Organization } from './organization.js';

/** Calls about the organization, its units and accounts. */
export const structureOperations: Operations = {
  DescribeOrganization: organizationsOperation<object, DescribeOrganizationResponse>({
    name: 'DescribeOrganization',
    kind: 'read',
    isForMembers: true,
    run: (_input, { id, managementAccountId: management }) => ({
      Organization: {
        Id: id,
        Arn: `arn:aws:organizations::${management}:organization/${id}`,
        FeatureSet: 'ALL',
        MasterAccountArn: `arn:aws:organizations::${management}:account/${id}/${management}`,
        MasterAccountId: management,
        AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
      },
    }),
  }),

  ListRoots: organizationsOperation<ListRootsRequest, ListRootsResponse>({
    name: 'ListRoots',
    kind: 'read',
    run: (_input, organization) => ({
      Roots: [
        {
          Id: organization.rootId,
          Arn: arnOf(organization, organization.rootId),
          Name: 'Root',
          PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
        },
      ],
    }),
  }),

  ListAccounts: organizationsOperation<ListAccountsRequest, ListAccountsResponse>({
    name: 'ListAccounts',
    kind: 'read',
    run: (input, organization) => {
      const { page, token } = paged(organization.accounts(), input);
      return { Accounts: page.map((account) => accountShape(organization, account)), ...token };
    },
  }),

  DescribeAccount: organizationsOperation<DescribeAccountRequest, DescribeAccountResponse>({
    name: 'DescribeAccount',
    kind: 'read',
    on: ({ AccountId: id = '' }, organization) => [arnOf(organization, id)],
    run: (input, organization) => {
      const account = organization.account(required(input.AccountId, 'AccountId'));
      if (account === undefined) throw notFound('Account');
      return { Account: accountShape(organization, account) };
    },
  }),

  ListAccountsForParent: organizationsOperation<ListAccountsForParentRequest, ListAccountsForParentResponse>({
    name: 'ListAccountsForParent',
    kind: 'read',
    on: ({ ParentId: id = '' }, organization) => [arnOf(organization, id)],
    run: (input, organization, call) => {
      const parent = checkedParent(organization, input.ParentId);
      const children = organization.accounts().filter(({ id }) => organization.parents.get(id, call.view) === parent);
      const { page, token } = paged(children, input);
      return { Accounts: page.map((account) => accountShape(organization, account)), ...token };
    },
  }),

  ListOrganizationalUnitsForParent: organizationsOperation<
    ListOrganizationalUnitsForParentRequest,
    ListOrganizationalUnitsForParentResponse
  >({
    name: 'ListOrganizationalUnitsForParent',
    kind: 'read',
    on: ({ ParentId: id = '' }, organization) => [arnOf(organization, id)],
    run: (input, organization) => {
      const isRoot = checkedParent(organization, input.ParentId) === organization.rootId;
      const { page, token } = paged(isRoot ? organization.units : [], input);
      return { OrganizationalUnits: page.map(({ id, name }) => ({ Id: id, Arn: arnOf(organization, id), Name: name })), ...token };
    },
  }),

  ListParents: organizationsOperation<ListParentsRequest, ListParentsResponse>({
    name: 'ListParents',
    kind: 'read',
    on: ({ ChildId: id = '' }, organization) => [arnOf(organization, id)],
    run: (input, organization, call) => {
      const child = required(input.ChildId, 'ChildId');
      const isUnit = organization.units.some(({ id }) => id === child);
      const parent = isUnit ? organization.rootId : parentOf(organization, child, call.view);
      if (parent === undefined) throw new AwsError('ChildNotFoundException', "You specified a child that doesn't exist.");
      return { Parents: [{ Id: parent, Type: parent === organization.rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] };
    },
  }),

  MoveAccount: organizationsOperation<MoveAccountRequest, object>({
    name: 'MoveAccount',
    kind: 'write',
    on: ({ AccountId: id = '', SourceParentId: from = '', DestinationParentId: to = '' }, organization) =>
      [id, from, to].map((one) => arnOf(organization, one)),
    run: (input, organization, call) => {
      const id = required(input.AccountId, 'AccountId');
      const now = parentOf(organization, id, 'latest');
      if (now === undefined) throw notFound('Account');
      const to = required(input.DestinationParentId, 'DestinationParentId');
      if (!isParent(organization, to)) throw notFound('DestinationParent');
      if (now !== input.SourceParentId) throw notFound('SourceParent');
      if (now === to) throw new AwsError('DuplicateAccountException', 'That account is already present in the specified destination.');
      organization.parents.set(id, to, changeOf(organization, call));
      return {};
    },
  }),
};

function parentOf({ parents }: Organization, accountId: string, view: View): string | undefined {
  return parents.get(accountId, view);
}

function isParent({ rootId, units }: Organization, id: string): boolean {
  return id === rootId || units.some((unit) => unit.id === id);
}

/** @throws AwsError ParentNotFoundException */
function checkedParent(organization: Organization, id: string | undefined): string {
  const parent = required(id, 'ParentId');
  if (!isParent(organization, parent)) throw notFound('Parent');
  return parent;
}

function accountShape(organization: Organization, { id, alias }: Account): AccountShape {
  return {
    Id: id,
    Arn: arnOf(organization, id),
    Name: alias,
    Email: `aws+${alias}@example.com`,
    Status: 'ACTIVE',
    State: 'ACTIVE',
    JoinedMethod: 'CREATED',
  };
}
