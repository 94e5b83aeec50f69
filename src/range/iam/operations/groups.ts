import type {
  AddUserToGroupRequest,
  ListGroupsForUserRequest,
  ListGroupsForUserResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  RemoveUserFromGroupRequest,
} from '@aws-sdk/client-iam';
import { operation, type Operations } from '../../server/operation.js';
import { groupOf, onAccount, onGroup, onUser, userOf } from '../lookup.js';
import { pageOf } from '../paging.js';
import { groupShape } from '../shapes.js';

/** Calls about groups and who is in them. */
export const groupOperations: Operations = {
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
      userOf(call, input.UserName).groups.set(groupOf(call, input.GroupName).name, true, call.change());
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
