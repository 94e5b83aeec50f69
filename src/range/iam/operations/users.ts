import type {
  CreateUserRequest,
  CreateUserResponse,
  DeleteUserRequest,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
  ListUserTagsRequest,
  ListUserTagsResponse,
  TagUserRequest,
  UntagUserRequest,
} from '@aws-sdk/client-iam';
import { AwsError, required } from '../../aws-error.js';
import { operation, type Operations } from '../../server/operation.js';
import type { Call } from '../../server/call.js';
import { keysOf, managedPolicyOf, onUser, userOf } from '../lookup.js';
import { newName, newPath } from '../names.js';
import { onOwner, ownerOf } from '../owner.js';
import { pageOf } from '../paging.js';
import { rootShape, tagShapes, userShape } from '../shapes.js';
import type { User } from '../model.js';

/** A user carries at most this many tags (IAM quotas). */
const MAX_TAGS = 50;

/** Calls about IAM users and their tags. */
export const userOperations: Operations = {
  GetUser: operation<GetUserRequest, GetUserResponse>({
    kind: 'read',
    access: onOwner,
    run: (input, call) => {
      const owner = ownerOf(call, input.UserName);
      return { User: owner.kind === 'user' ? userShape(owner, { view: call.view, detail: 'full' }) : rootShape(call.account) };
    },
  }),

  ListUsers: operation<ListUsersRequest, ListUsersResponse>({
    kind: 'read',
    access: ({ PathPrefix: path = '/' }, call) => ({ resources: [`arn:aws:iam::${call.account.id}:user${path}`] }),
    run: (input, call) => {
      const users = call.account.users.list(call.view).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      const { page, paging } = pageOf(users, input);
      return { Users: page.map((user) => userShape(user, { view: call.view, detail: 'listed' })), ...paging };
    },
  }),

  CreateUser: operation<CreateUserRequest, CreateUserResponse>({
    kind: 'write',
    access: ({ UserName: name = '', Path: path = '/', PermissionsBoundary: boundary }, call) => ({
      resources: [`arn:aws:iam::${call.account.id}:user${path}${name}`],
      context: { 'iam:PermissionsBoundary': boundary },
    }),
    run: (input, call) => {
      const name = newName(input.UserName, 'userName');
      const path = newPath(input.Path);
      if (call.account.users.find(name) !== undefined)
        throw new AwsError('EntityAlreadyExists', `User with name ${name} already exists.`, 409);
      const boundary = input.PermissionsBoundary === undefined ? undefined : managedPolicyOf(call, input.PermissionsBoundary).arn;
      const user = call.account.addUser({ name, path });
      const stamp = call.creation();
      if (boundary !== undefined) user.boundary.set(boundary, stamp);
      for (const { Key: key = '', Value: value = '' } of input.Tags ?? []) user.tags.set(key, value, stamp);
      return { User: userShape(user, { view: call.view, detail: 'full' }) };
    },
  }),

  DeleteUser: operation<DeleteUserRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      const left = whatBlocksDeletion(call, user);
      if (left !== undefined) throw new AwsError('DeleteConflict', `Cannot delete entity, must ${left} first.`, 409);
      user.exists.set(false, call.change());
      return {};
    },
  }),

  TagUser: operation<TagUserRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      const tags = required(input.Tags, 'Tags');
      const names = new Set([...user.tags.seen().map(([name]) => name), ...tags.map(({ Key: key = '' }) => key)]);
      if (names.size > MAX_TAGS)
        throw new AwsError('LimitExceeded', `The number of tags has reached the maximum limit of ${MAX_TAGS}.`, 409);
      for (const { Key: key = '', Value: value = '' } of tags) user.tags.set(key, value, call.change());
      return {};
    },
  }),

  UntagUser: operation<UntagUserRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      for (const key of required(input.TagKeys, 'TagKeys')) user.tags.remove(key, call.change());
      return {};
    },
  }),

  ListUserTags: operation<ListUserTagsRequest, ListUserTagsResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => {
      const { page, paging } = pageOf(tagShapes(userOf(call, input.UserName).tags, call.view), input);
      return { Tags: page, ...paging };
    },
  }),
};

function whatBlocksDeletion(call: Call, user: User): string | undefined {
  if (keysOf(call, user).length > 0) return 'delete access keys';
  if (user.attached.seen().length > 0) return 'detach all policies';
  if (user.inline.seen().length > 0) return 'delete policies';
  if (user.groups.seen().length > 0) return 'remove users from group';
  if (user.loginProfile.latest() !== undefined) return 'delete login profile';
  if (user.certificates.seen().length > 0) return 'delete signing certificates';
  if (user.sshKeys.seen().length > 0) return 'delete SSH public keys';
  if (user.serviceCredentials.seen().length > 0) return 'delete service specific credentials';
  if (user.mfaDevices.seen().length > 0) return 'deactivate MFA devices';
  return undefined;
}
