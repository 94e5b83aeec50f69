import type {
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteRoleRequest,
  GetRoleRequest,
  GetRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
  ListRoleTagsRequest,
  ListRoleTagsResponse,
  UpdateAssumeRolePolicyRequest,
} from '@aws-sdk/client-iam';
import { AwsError, required } from '../../aws-error.js';
import { parsePolicy } from '../../policy/document.js';
import { operation, type Operations } from '../../server/operation.js';
import type { Call } from '../../server/call.js';
import { managedPolicyOf, modifiableRoleOf, onRole, profilesWith, roleOf } from '../lookup.js';
import type { Role } from '../model.js';
import { newName, newPath } from '../names.js';
import { pageOf } from '../paging.js';
import { roleShape, tagShapes } from '../shapes.js';

/** Calls about roles. */
export const roleOperations: Operations = {
  GetRole: operation<GetRoleRequest, GetRoleResponse>({
    kind: 'read',
    access: onRole,
    run: (input, call) => ({ Role: roleShape(roleOf(call, input.RoleName), call.view) }),
  }),

  ListRoles: operation<ListRolesRequest, ListRolesResponse>({
    kind: 'read',
    access: ({ PathPrefix: path = '/' }, call) => ({ resources: [`arn:aws:iam::${call.account.id}:role${path}`] }),
    run: (input, call) => {
      const roles = call.account.roles.list(call.view).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      const { page, paging } = pageOf(roles, input);
      return { Roles: page.map((role) => roleShape(role, call.view)), ...paging };
    },
  }),

  CreateRole: operation<CreateRoleRequest, CreateRoleResponse>({
    kind: 'write',
    access: ({ RoleName: name = '', Path: path = '/', PermissionsBoundary: boundary }, call) => ({
      resources: [`arn:aws:iam::${call.account.id}:role${path}${name}`],
      context: { 'iam:PermissionsBoundary': boundary },
    }),
    run: (input, call) => {
      const name = newName(input.RoleName, 'roleName');
      const path = newPath(input.Path);
      const trust = required(input.AssumeRolePolicyDocument, 'AssumeRolePolicyDocument');
      parsePolicy(trust, 'trust');
      if (call.account.roles.find(name) !== undefined)
        throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
      if (path?.startsWith('/aws-') === true) throw new AwsError('InvalidInput', `Path ${path} is reserved for roles that AWS makes.`);
      const boundary = input.PermissionsBoundary === undefined ? undefined : managedPolicyOf(call, input.PermissionsBoundary).arn;
      const role = call.account.addRole({
        name,
        path,
        trust,
        description: input.Description,
        maxSessionSeconds: input.MaxSessionDuration,
      });
      if (boundary !== undefined) role.boundary.set(boundary, call.creation());
      for (const { Key: key = '', Value: value = '' } of input.Tags ?? []) role.tags.set(key, value, call.creation());
      return { Role: roleShape(role, call.view) };
    },
  }),

  DeleteRole: operation<DeleteRoleRequest, object>({
    kind: 'write',
    access: onRole,
    run: (input, call) => {
      const role = modifiableRoleOf(call, input.RoleName);
      const left = whatBlocksDeletion(call, role);
      if (left !== undefined) throw new AwsError('DeleteConflict', `Cannot delete entity, must ${left} first.`, 409);
      role.exists.set(false, call.change());
      return {};
    },
  }),

  ListRoleTags: operation<ListRoleTagsRequest, ListRoleTagsResponse>({
    kind: 'read',
    access: onRole,
    run: (input, call) => {
      const { page, paging } = pageOf(tagShapes(roleOf(call, input.RoleName).tags, call.view), input);
      return { Tags: page, ...paging };
    },
  }),

  UpdateAssumeRolePolicy: operation<UpdateAssumeRolePolicyRequest, object>({
    kind: 'write',
    access: onRole,
    run: (input, call) => {
      const role = modifiableRoleOf(call, input.RoleName);
      const trust = required(input.PolicyDocument, 'PolicyDocument');
      parsePolicy(trust, 'trust');
      role.trust.set(trust, call.change());
      return {};
    },
  }),
};

function whatBlocksDeletion(call: Call, role: Role): string | undefined {
  if (profilesWith(call, role).length > 0) return 'remove roles from instance profile';
  if (role.attached.seen().length > 0) return 'detach all policies';
  if (role.inline.seen().length > 0) return 'delete policies';
  return undefined;
}
