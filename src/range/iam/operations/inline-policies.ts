import type {
  DeleteGroupPolicyRequest,
  DeleteRolePolicyRequest,
  DeleteUserPolicyRequest,
  GetGroupPolicyRequest,
  GetGroupPolicyResponse,
  GetRolePolicyRequest,
  GetRolePolicyResponse,
  GetUserPolicyRequest,
  GetUserPolicyResponse,
  ListGroupPoliciesRequest,
  ListGroupPoliciesResponse,
  ListRolePoliciesRequest,
  ListRolePoliciesResponse,
  ListUserPoliciesRequest,
  ListUserPoliciesResponse,
  PutGroupPolicyRequest,
  PutRolePolicyRequest,
  PutUserPolicyRequest,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import { parsePolicy } from '../../policy/document.js';
import { operation, type Operations } from '../../server/operation.js';
import type { Call } from '../../server/call.js';
import { groupOf, inlinePolicyOf, modifiableRoleOf, onGroup, onRole, onUser, roleOf, userOf } from '../lookup.js';
import type { Group, PolicyHolder, Role, User } from '../model.js';
import { newName } from '../names.js';
import { pageOf, type PageRequest } from '../paging.js';
import { encodeDocument } from '../shapes.js';

/** Total characters of all inline policies of one principal, white space not counted (IAM quotas). */
const INLINE_CHARACTERS = { user: 2048, role: 10240, group: 5120 } as const;

/** Calls about inline policies of users, roles and groups. */
export const inlinePolicyOperations: Operations = {
  PutUserPolicy: operation<PutUserPolicyRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => put(call, userOf(call, input.UserName), input),
  }),
  PutRolePolicy: operation<PutRolePolicyRequest, object>({
    kind: 'write',
    access: onRole,
    run: (input, call) => put(call, modifiableRoleOf(call, input.RoleName), input),
  }),
  PutGroupPolicy: operation<PutGroupPolicyRequest, object>({
    kind: 'write',
    access: onGroup,
    run: (input, call) => put(call, groupOf(call, input.GroupName), input),
  }),

  DeleteUserPolicy: operation<DeleteUserPolicyRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => remove(call, userOf(call, input.UserName), input.PolicyName),
  }),
  DeleteRolePolicy: operation<DeleteRolePolicyRequest, object>({
    kind: 'write',
    access: onRole,
    run: (input, call) => remove(call, modifiableRoleOf(call, input.RoleName), input.PolicyName),
  }),
  DeleteGroupPolicy: operation<DeleteGroupPolicyRequest, object>({
    kind: 'write',
    access: onGroup,
    run: (input, call) => remove(call, groupOf(call, input.GroupName), input.PolicyName),
  }),

  GetUserPolicy: operation<GetUserPolicyRequest, GetUserPolicyResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      return { UserName: user.name, PolicyName: input.PolicyName, PolicyDocument: document(call, user, input.PolicyName) };
    },
  }),
  GetRolePolicy: operation<GetRolePolicyRequest, GetRolePolicyResponse>({
    kind: 'read',
    access: onRole,
    run: (input, call) => {
      const role = roleOf(call, input.RoleName);
      return { RoleName: role.name, PolicyName: input.PolicyName, PolicyDocument: document(call, role, input.PolicyName) };
    },
  }),
  GetGroupPolicy: operation<GetGroupPolicyRequest, GetGroupPolicyResponse>({
    kind: 'read',
    access: onGroup,
    run: (input, call) => {
      const group = groupOf(call, input.GroupName);
      return { GroupName: group.name, PolicyName: input.PolicyName, PolicyDocument: document(call, group, input.PolicyName) };
    },
  }),

  ListUserPolicies: operation<ListUserPoliciesRequest, ListUserPoliciesResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => names(call, userOf(call, input.UserName), input),
  }),
  ListRolePolicies: operation<ListRolePoliciesRequest, ListRolePoliciesResponse>({
    kind: 'read',
    access: onRole,
    run: (input, call) => names(call, roleOf(call, input.RoleName), input),
  }),
  ListGroupPolicies: operation<ListGroupPoliciesRequest, ListGroupPoliciesResponse>({
    kind: 'read',
    access: onGroup,
    run: (input, call) => names(call, groupOf(call, input.GroupName), input),
  }),
};

type PutInput = { readonly PolicyName: string | undefined; readonly PolicyDocument: string | undefined };

function put(call: Call, holder: User | Role | Group, input: PutInput): object {
  const name = newName(input.PolicyName, 'policyName');
  const text = required(input.PolicyDocument, 'PolicyDocument');
  parsePolicy(text);
  const others = holder.inline.seen().filter(([other]) => other !== name);
  const total = [text, ...others.map(([, other]) => other)].reduce((sum, one) => sum + one.replace(/\s/g, '').length, 0);
  const limit = INLINE_CHARACTERS[holder.kind];
  if (total > limit)
    throw new AwsError('LimitExceeded', `Maximum policy size of ${limit} bytes exceeded for ${holder.kind} ${holder.name}`, 409);
  holder.inline.set(name, text, call.change());
  return {};
}

function remove(call: Call, holder: PolicyHolder, name: string | undefined): object {
  const wanted = required(name, 'PolicyName');
  if (holder.inline.get(wanted) === undefined) throw noSuchEntity('policy', wanted);
  holder.inline.remove(wanted, call.change());
  return {};
}

function document(call: Call, holder: PolicyHolder, name: string | undefined): string {
  return encodeDocument(inlinePolicyOf(call, { holder, name }));
}

function names(call: Call, holder: PolicyHolder, request: PageRequest) {
  const { page, paging } = pageOf(
    holder.inline.seen(call.view).map(([name]) => name),
    request,
  );
  return { PolicyNames: page, ...paging };
}
