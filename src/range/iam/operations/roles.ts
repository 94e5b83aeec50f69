import type {
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteRoleRequest,
  GetRoleRequest,
  GetRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
} from '@aws-sdk/client-iam';
import { AwsError, required } from '../../aws-error.js';
import { parsePolicy } from '../../policy/document.js';
import { operation, type Operations } from '../../server/operation.js';
import { onRole, roleOf } from '../lookup.js';
import { pageOf } from '../paging.js';
import { roleShape } from '../shapes.js';

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
    access: ({ RoleName: name = '', Path: path = '/' }, call) => ({ resources: [`arn:aws:iam::${call.account.id}:role${path}${name}`] }),
    run: (input, call) => {
      const name = required(input.RoleName, 'RoleName');
      const trust = required(input.AssumeRolePolicyDocument, 'AssumeRolePolicyDocument');
      parsePolicy(trust, 'trust');
      if (call.account.roles.find(name) !== undefined)
        throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
      const role = call.account.addRole({
        name,
        path: input.Path,
        trust,
        description: input.Description,
        maxSessionSeconds: input.MaxSessionDuration,
      });
      for (const { Key: key = '', Value: value = '' } of input.Tags ?? []) role.tags.set(key, value, call.creation());
      return { Role: roleShape(role, call.view) };
    },
  }),

  DeleteRole: operation<DeleteRoleRequest, object>({
    kind: 'write',
    access: onRole,
    run: (input, call) => {
      const role = roleOf(call, input.RoleName);
      if (role.attached.seen().length + role.inline.seen().length > 0)
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
      role.exists.set(false, call.change());
      return {};
    },
  }),
};
