import type {
  DeleteRolePermissionsBoundaryRequest,
  DeleteUserPermissionsBoundaryRequest,
  PutRolePermissionsBoundaryRequest,
  PutUserPermissionsBoundaryRequest,
} from '@aws-sdk/client-iam';
import { noSuchEntity } from '../../aws-error.js';
import type { Call } from '../../server/call.js';
import { operation, type Access, type Operations } from '../../server/operation.js';
import { managedPolicyOf, modifiableRoleOf, onRole, onUser, userOf } from '../lookup.js';
import type { Role, User } from '../model.js';

/** Calls about permissions boundaries of users and roles. */
export const boundaryOperations: Operations = {
  PutUserPermissionsBoundary: operation<PutUserPermissionsBoundaryRequest, object>({
    kind: 'write',
    access: (input, call) => withBoundary(onUser(input, call), input.PermissionsBoundary),
    run: (input, call) => put(call, userOf(call, input.UserName), input.PermissionsBoundary),
  }),
  PutRolePermissionsBoundary: operation<PutRolePermissionsBoundaryRequest, object>({
    kind: 'write',
    access: (input, call) => withBoundary(onRole(input, call), input.PermissionsBoundary),
    run: (input, call) => put(call, modifiableRoleOf(call, input.RoleName), input.PermissionsBoundary),
  }),
  DeleteUserPermissionsBoundary: operation<DeleteUserPermissionsBoundaryRequest, object>({
    kind: 'write',
    access: (input, call) => withBoundary(onUser(input, call), call.account.users.find(input.UserName ?? '')?.boundary.latest()),
    run: (input, call) => remove(call, userOf(call, input.UserName)),
  }),
  DeleteRolePermissionsBoundary: operation<DeleteRolePermissionsBoundaryRequest, object>({
    kind: 'write',
    access: (input, call) => withBoundary(onRole(input, call), call.account.roles.find(input.RoleName ?? '')?.boundary.latest()),
    run: (input, call) => remove(call, modifiableRoleOf(call, input.RoleName)),
  }),
};

/**
 * When a boundary is put, the condition key carries the one being set (IAM service authorization reference); when it is
 * removed, the one that would be lost, which is what a guard compares with.
 */
function withBoundary(access: Access, arn: string | undefined): Access {
  return { ...access, context: { 'iam:PermissionsBoundary': arn } };
}

function put(call: Call, { boundary }: User | Role, arn: string | undefined): object {
  boundary.set(managedPolicyOf(call, arn).arn, call.change());
  return {};
}

function remove(call: Call, { kind, name, boundary }: User | Role): object {
  if (boundary.latest() === undefined) throw noSuchEntity(`permissions boundary of ${kind}`, name);
  boundary.set(undefined, call.change());
  return {};
}
