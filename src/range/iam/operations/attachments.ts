import type {
  AttachGroupPolicyRequest,
  AttachRolePolicyRequest,
  AttachUserPolicyRequest,
  DetachGroupPolicyRequest,
  DetachRolePolicyRequest,
  DetachUserPolicyRequest,
  ListAttachedGroupPoliciesRequest,
  ListAttachedGroupPoliciesResponse,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListAttachedUserPoliciesRequest,
  ListAttachedUserPoliciesResponse,
} from '@aws-sdk/client-iam';
import { AwsError, required } from '../../aws-error.js';
import { operation, type Access, type Operations } from '../../server/operation.js';
import type { Call } from '../../server/call.js';
import { groupOf, managedPolicyOf, modifiableRoleOf, onGroup, onRole, onUser, roleOf, userOf } from '../lookup.js';
import type { Group, PolicyHolder, Role, User } from '../model.js';
import { pageOf, type PageRequest } from '../paging.js';
import { attachedShapes } from '../shapes.js';

/** Managed policies attached to one principal (IAM quotas; can be raised to 20, the range keeps the default). */
const MAX_ATTACHED = 10;
const QUOTA_NAMES = { user: 'PoliciesPerUser', role: 'PoliciesPerRole', group: 'PoliciesPerGroup' } as const;

/** Calls about attached managed policies. */
export const attachmentOperations: Operations = {
  AttachUserPolicy: operation<AttachUserPolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onUser(input, call), input.PolicyArn),
    run: (input, call) => attach(call, userOf(call, input.UserName), input.PolicyArn),
  }),
  AttachRolePolicy: operation<AttachRolePolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onRole(input, call), input.PolicyArn),
    run: (input, call) => attach(call, modifiableRoleOf(call, input.RoleName), input.PolicyArn),
  }),
  AttachGroupPolicy: operation<AttachGroupPolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onGroup(input, call), input.PolicyArn),
    run: (input, call) => attach(call, groupOf(call, input.GroupName), input.PolicyArn),
  }),
  DetachUserPolicy: operation<DetachUserPolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onUser(input, call), input.PolicyArn),
    run: (input, call) => detach(call, userOf(call, input.UserName), input.PolicyArn),
  }),
  DetachRolePolicy: operation<DetachRolePolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onRole(input, call), input.PolicyArn),
    run: (input, call) => detach(call, modifiableRoleOf(call, input.RoleName), input.PolicyArn),
  }),
  DetachGroupPolicy: operation<DetachGroupPolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onGroup(input, call), input.PolicyArn),
    run: (input, call) => detach(call, groupOf(call, input.GroupName), input.PolicyArn),
  }),

  ListAttachedUserPolicies: operation<ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => attached(call, userOf(call, input.UserName), input),
  }),
  ListAttachedRolePolicies: operation<ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse>({
    kind: 'read',
    access: onRole,
    run: (input, call) => attached(call, roleOf(call, input.RoleName), input),
  }),
  ListAttachedGroupPolicies: operation<ListAttachedGroupPoliciesRequest, ListAttachedGroupPoliciesResponse>({
    kind: 'read',
    access: onGroup,
    run: (input, call) => attached(call, groupOf(call, input.GroupName), input),
  }),
};

function withPolicy(access: Access, arn: string | undefined): Access {
  return { ...access, context: { 'iam:PolicyARN': arn } };
}

function attach(call: Call, holder: User | Role | Group, arn: string | undefined): object {
  const policy = managedPolicyOf(call, arn);
  const others = holder.attached.seen().filter(([other]) => other !== policy.arn);
  if (others.length >= MAX_ATTACHED)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ${QUOTA_NAMES[holder.kind]}: ${MAX_ATTACHED}`, 409);
  holder.attached.set(policy.arn, policy.name, call.change());
  return {};
}

function detach(call: Call, holder: PolicyHolder, arn: string | undefined): object {
  const wanted = required(arn, 'PolicyArn');
  if (holder.attached.get(wanted) === undefined) throw new AwsError('NoSuchEntity', `Policy ${wanted} was not found.`, 404);
  holder.attached.remove(wanted, call.change());
  return {};
}

function attached(call: Call, holder: PolicyHolder, request: PageRequest & { readonly PathPrefix?: string | undefined }) {
  const shapes = attachedShapes(holder, call.view).filter(
    ({ PolicyArn: arn = '' }) => arn.split(':policy')[1]?.startsWith(request.PathPrefix ?? '/') === true,
  );
  const { page, paging } = pageOf(shapes, request);
  return { AttachedPolicies: page, ...paging };
}
