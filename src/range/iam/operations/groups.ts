import type {
  AddUserToGroupRequest,
  CreateGroupRequest,
  CreateGroupResponse,
  DeleteGroupRequest,
  GetGroupRequest,
  GetGroupResponse,
  ListGroupsForUserRequest,
  ListGroupsForUserResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  RemoveUserFromGroupRequest,
} from '@aws-sdk/client-iam';
import { AwsError } from '../../aws-error.js';
import type { Call } from '../../server/call.js';
import { operation, type Operations } from '../../server/operation.js';
import { groupOf, onAccount, onGroup, onUser, userOf } from '../lookup.js';
import type { Group, User } from '../model.js';
import { newName, newPath } from '../names.js';
import { pageOf } from '../paging.js';
import { groupShape, userShape } from '../shapes.js';

/** A user is in at most this many groups (IAM quotas). */
const MAX_GROUPS = 10;

/** Calls about groups and who is in them. */
export const groupOperations: Operations = {
  CreateGroup: operation<CreateGroupRequest, CreateGroupResponse>({
    kind: 'write',
    access: ({ GroupName: name = '', Path: path = '/' }, call) => ({ resources: [`arn:aws:iam::${call.account.id}:group${path}${name}`] }),
    run: (input, call) => {
      const name = newName(input.GroupName, 'groupName');
      const path = newPath(input.Path);
      if (call.account.groups.find(name) !== undefined)
        throw new AwsError('EntityAlreadyExists', `Group with name ${name} already exists.`, 409);
      return { Group: groupShape(call.account.addGroup({ name, path })) };
    },
  }),

  GetGroup: operation<GetGroupRequest, GetGroupResponse>({
    kind: 'read',
    access: onGroup,
    run: (input, call) => {
      const group = groupOf(call, input.GroupName);
      const { page, paging } = pageOf(membersOf(call, group), input);
      return { Group: groupShape(group), Users: page.map((user) => userShape(user, { view: call.view, detail: 'listed' })), ...paging };
    },
  }),

  DeleteGroup: operation<DeleteGroupRequest, object>({
    kind: 'write',
    access: onGroup,
    run: (input, call) => {
      const group = groupOf(call, input.GroupName);
      const left = whatBlocksDeletion(call, group);
      if (left !== undefined) throw new AwsError('DeleteConflict', `Cannot delete entity, must ${left} first.`, 409);
      group.exists.set(false, call.change());
      return {};
    },
  }),

  ListGroups: operation<ListGroupsRequest, ListGroupsResponse>({
    kind: 'read',
    access: onAccount,
    run: (input, call) => {
      const { page, paging } = pageOf(call.account.groups.list(call.view), input);
      return { Groups: page.map(groupShape), ...paging };
    },
  }),

  ListGroupsForUser: operation<ListGroupsForUserRequest, ListGroupsForUserResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => {
      const names = userOf(call, input.UserName).groups.seen(call.view);
      const groups = names.flatMap(([name]) => call.account.groups.find(name, call.view) ?? []);
      const { page, paging } = pageOf(groups, input);
      return { Groups: page.map(groupShape), ...paging };
    },
  }),

  AddUserToGroup: operation<AddUserToGroupRequest, object>({
    kind: 'write',
    access: onGroup,
    run: (input, call) => {
      const { name } = groupOf(call, input.GroupName);
      const { groups } = userOf(call, input.UserName);
      if (groups.get(name) === undefined && groups.seen().length >= MAX_GROUPS)
        throw new AwsError('LimitExceeded', `Cannot exceed quota for GroupsPerUser: ${MAX_GROUPS}`, 409);
      groups.set(name, true, call.change());
      return {};
    },
  }),

  RemoveUserFromGroup: operation<RemoveUserFromGroupRequest, object>({
    kind: 'write',
    access: onGroup,
    run: (input, call) => {
      userOf(call, input.UserName).groups.remove(groupOf(call, input.GroupName).name, call.change());
      return {};
    },
  }),
};

function membersOf({ account, view }: Call, { name }: Group): User[] {
  return account.users.list(view).filter(({ groups }) => groups.get(name, view) !== undefined);
}

function whatBlocksDeletion(call: Call, group: Group): string | undefined {
  if (membersOf(call, group).length > 0) return 'remove users from group';
  if (group.attached.seen().length > 0) return 'detach all policies';
  if (group.inline.seen().length > 0) return 'delete policies';
  return undefined;
}
