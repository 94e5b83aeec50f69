import type {
  DescribeUserRequest,
  DescribeUserResponse,
  GetUserIdRequest,
  GetUserIdResponse,
  ListGroupMembershipsForMemberRequest,
  ListGroupMembershipsForMemberResponse,
  ListUsersRequest,
  ListUsersResponse,
  User,
} from '@aws-sdk/client-identitystore';
import { AwsError } from '../aws-error.js';
import type { Call } from '../server/call.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import { answersHere, notFound, tokenPage, userOfId } from '../sso-admin/find.js';
import type { DirectoryUser, IdentityCenter } from '../sso-admin/identity-center.js';

type OnStore = { readonly IdentityStoreId: string | undefined };

/** What CloudTrail shows instead of names of people (IAM Identity Center user guide, "Logging with CloudTrail"). */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** Reads of the identity store. It has users only, no groups. */
export function createIdentityStoreOperations(center: IdentityCenter | undefined): Operations {
  if (center === undefined) return {};
  return {
    DescribeUser: operation<DescribeUserRequest, DescribeUserResponse>({
      kind: 'read',
      access: (input) => onStore(center, input, input.UserId),
      run: (input, call) => {
        checkStore(center, { call, input });
        return shape(center, userOfId(center, { id: input.UserId }));
      },
    }),

    ListUsers: operation<ListUsersRequest, ListUsersResponse>({
      kind: 'read',
      access: (input) => onStore(center, input),
      run: (input, call) => {
        checkStore(center, { call, input });
        const wanted = (input.Filters ?? []).map(({ AttributePath: path = '', AttributeValue: value = '' }) => ({ path, value }));
        const found = center.users.filter((user) => wanted.every((filter) => fits(user, filter)));
        const { page, token } = tokenPage(found, input);
        return { Users: page.map((user) => shape(center, user)), ...token };
      },
      recordAs: ({ IdentityStoreId: identityStoreId, Filters }) => ({
        request: { identityStoreId, ...(Filters === undefined ? {} : { filters: HIDDEN }) },
      }),
    }),

    GetUserId: operation<GetUserIdRequest, GetUserIdResponse>({
      kind: 'read',
      access: (input) => onStore(center, input),
      run: (input, call) => {
        checkStore(center, { call, input });
        const { AttributePath: path = '', AttributeValue: value } = input.AlternateIdentifier?.UniqueAttribute ?? {};
        if (path.toLowerCase() !== 'username') throw invalid(`The unique attribute ${path} is not supported.`);
        const user = center.users.find(({ userName }) => userName === value);
        if (user === undefined) throw notFound('USER', typeof value === 'string' ? value : '');
        return { IdentityStoreId: center.identityStoreId, UserId: user.id };
      },
      recordAs: ({ IdentityStoreId: identityStoreId }) => ({ request: { identityStoreId, alternateIdentifier: HIDDEN } }),
    }),

    ListGroupMembershipsForMember: operation<ListGroupMembershipsForMemberRequest, ListGroupMembershipsForMemberResponse>({
      kind: 'read',
      access: (input) => onStore(center, input, input.MemberId?.UserId),
      run: (input, call) => {
        checkStore(center, { call, input });
        userOfId(center, { id: input.MemberId?.UserId });
        return { GroupMemberships: [] };
      },
    }),
  };
}

/** @throws AwsError AccessDeniedException, ResourceNotFoundException */
function checkStore(center: IdentityCenter, { call, input }: { call: Call; input: OnStore }): void {
  if (!answersHere(center, call))
    throw new AwsError('AccessDeniedException', `User: ${call.callerArn} is not authorized to call the identity store from this account.`);
  if (input.IdentityStoreId !== center.identityStoreId) throw notFound('IDENTITY_STORE', input.IdentityStoreId);
}

/** Access to the store and the users in it (service authorization reference, Identity Store). */
function onStore({ organization }: IdentityCenter, { IdentityStoreId: id = '*' }: OnStore, userId = '*'): Access {
  const store = `arn:aws:identitystore::${organization.managementAccountId}:identitystore/${id}`;
  return { resources: [store, `arn:aws:identitystore:::user/${userId}`] };
}

/** @throws AwsError ValidationException for an attribute that cannot be filtered by */
function fits({ userName }: DirectoryUser, { path, value }: { path: string; value: string }): boolean {
  if (path !== 'UserName') throw invalid(`The attribute path ${path} is not supported.`);
  return userName === value;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function shape({ identityStoreId }: IdentityCenter, { id, userName, displayName }: DirectoryUser): User {
  return { IdentityStoreId: identityStoreId, UserId: id, UserName: userName, DisplayName: displayName, UserStatus: 'ENABLED' };
}
