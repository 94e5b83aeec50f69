import type {
  AttachRolePolicyRequest,
  AttachUserPolicyRequest,
  DeleteUserPermissionsBoundaryRequest,
  DetachRolePolicyRequest,
  DetachUserPolicyRequest,
  ListAttachedGroupPoliciesRequest,
  ListAttachedGroupPoliciesResponse,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListAttachedUserPoliciesRequest,
  ListAttachedUserPoliciesResponse,
  PutUserPermissionsBoundaryRequest,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import { operation, type Access, type Operations } from '../../server/operation.js';
import type { Call } from '../../server/call.js';
import { groupOf, managedPolicyOf, onGroup, onRole, onUser, roleOf, userOf } from '../lookup.js';
import type { PolicyHolder } from '../model.js';
import { pageOf, type PageRequest } from '../paging.js';
import { attachedShapes } from '../shapes.js';

/** Managed policies attached to one principal (IAM quotas; can be raised to 20, the range keeps the default). */
const MAX_ATTACHED = 10;

/** Calls about attached managed policies and permissions boundaries. */
export const attachmentOperations: Operations = {
  AttachUserPolicy: operation<AttachUserPolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onUser(input, call), input.PolicyArn),
    run: (input, call) => attach(call, userOf(call, input.UserName), input.PolicyArn),
  }),
  AttachRolePolicy: operation<AttachRolePolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onRole(input, call), input.PolicyArn),
    run: (input, call) => attach(call, roleOf(call, input.RoleName), input.PolicyArn),
  }),
  DetachUserPolicy: operation<DetachUserPolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onUser(input, call), input.PolicyArn),
    run: (input, call) => detach(call, userOf(call, input.UserName), input.PolicyArn),
  }),
  DetachRolePolicy: operation<DetachRolePolicyRequest, object>({
    kind: 'write',
    access: (input, call) => withPolicy(onRole(input, call), input.PolicyArn),
    run: (input, call) => detach(call, roleOf(call, input.RoleName), input.PolicyArn),
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

  PutUserPermissionsBoundary: operation<PutUserPermissionsBoundaryRequest, object>({
    kind: 'write',
    // The condition key carries the boundary being set, not the one in place (IAM service authorization reference).
    access: (input, call) => ({ ...onUser(input, call), context: { 'iam:PermissionsBoundary': input.PermissionsBoundary } }),
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      user.boundary.set(managedPolicyOf(call, input.PermissionsBoundary).arn, call.change());
      return {};
    },
  }),
  DeleteUserPermissionsBoundary: operation<DeleteUserPermissionsBoundaryRequest, object>({
    kind: 'write',
    // Here the key carries the boundary that would be lost, which is what a guard compares with.
    access: (input, call) => ({
      ...onUser(input, call),
      context: { 'iam:PermissionsBoundary': call.account.users.find(input.UserName ?? '')?.boundary.latest() },
    }),
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      if (user.boundary.latest() === undefined) throw noSuchEntity('permissions boundary of user', user.name);
      user.boundary.set(undefined, call.change());
      return {};
    },
  }),
};

function withPolicy(access: Access, arn: string | undefined): Access {
  return { ...access, context: { 'iam:PolicyARN': arn } };
}

function attach(call: Call, holder: PolicyHolder, arn: string | undefined): object {
  const policy = managedPolicyOf(call, arn);
  const others = holder.attached.seen().filter(([other]) => other !== policy.arn);
  if (others.length >= MAX_ATTACHED) throw new AwsError('LimitExceeded', `Cannot exceed quota for PoliciesPerUser: ${MAX_ATTACHED}`, 409);
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
