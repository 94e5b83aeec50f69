import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateAccessKeyCommand,
  UpdateLoginProfileCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { ALLOW, PATH } from './documents.js';
import type { Step } from './script.js';

const user = { UserName: 'wire-ada' };
const nobody = { UserName: 'wire-nobody' };
const group = { GroupName: 'wire-crew' };
const full = { GroupName: 'wire-full' };
const inline = { ...user, PolicyName: 'notes' };
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const page = { PathPrefix: PATH, MaxItems: 2 };

/** Users with their tags, keys, passwords, groups and policies. */
export const IAM_USERS: readonly Step<IAMClient>[] = [
  {
    name: 'create a user',
    play: (iam) => iam.send(new CreateUserCommand({ ...user, Path: PATH, Tags: [{ Key: 'team', Value: 'blue' }] })),
  },
  { name: 'create the user again', play: (iam) => iam.send(new CreateUserCommand(user)) },
  { name: 'create a user with a space', play: (iam) => iam.send(new CreateUserCommand({ UserName: 'a b' })) },
  { name: 'create a user on half a path', play: (iam) => iam.send(new CreateUserCommand({ UserName: 'wire-half', Path: '/half' })) },
  ...['wire-bob', 'wire-cyd', 'wire-dee'].map((UserName) => ({
    name: `create ${UserName}`,
    play: (iam: IAMClient) => iam.send(new CreateUserCommand({ UserName, Path: PATH })),
  })),
  { name: 'get the user', play: (iam) => iam.send(new GetUserCommand(user)) },
  { name: 'get nobody', play: (iam) => iam.send(new GetUserCommand(nobody)) },
  {
    name: 'list two of four users',
    play: async (iam, memory) => {
      const answer = await iam.send(new ListUsersCommand(page));
      memory.remember('users', answer.Marker);
      return answer;
    },
  },
  { name: 'list the other two', play: (iam, memory) => iam.send(new ListUsersCommand({ ...page, Marker: memory.recall('users') })) },
  { name: 'list users of no path', play: (iam) => iam.send(new ListUsersCommand({ PathPrefix: '/none/' })) },

  { name: 'tag the user', play: (iam) => iam.send(new TagUserCommand({ ...user, Tags: [{ Key: 'tier', Value: '1' }] })) },
  { name: 'list tags', play: (iam) => iam.send(new ListUserTagsCommand(user)) },
  { name: 'untag the user', play: (iam) => iam.send(new UntagUserCommand({ ...user, TagKeys: ['team'] })) },
  { name: 'list the other tag', play: (iam) => iam.send(new ListUserTagsCommand(user)) },

  {
    name: 'create a key',
    play: async (iam, memory) => {
      const answer = await iam.send(new CreateAccessKeyCommand(user));
      memory.remember('key', answer.AccessKey?.AccessKeyId);
      return answer;
    },
  },
  { name: 'create a second key', play: (iam) => iam.send(new CreateAccessKeyCommand(user)) },
  { name: 'create a third key', play: (iam) => iam.send(new CreateAccessKeyCommand(user)) },
  { name: 'create a key of nobody', play: (iam) => iam.send(new CreateAccessKeyCommand(nobody)) },
  {
    name: 'deactivate a key',
    play: (iam, memory) => iam.send(new UpdateAccessKeyCommand({ ...user, AccessKeyId: memory.recall('key'), Status: 'Inactive' })),
  },
  { name: 'list keys', play: (iam) => iam.send(new ListAccessKeysCommand(user)) },
  {
    name: 'deactivate no key',
    play: (iam) => iam.send(new UpdateAccessKeyCommand({ ...user, AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Inactive' })),
  },
  { name: 'delete a key', play: (iam, memory) => iam.send(new DeleteAccessKeyCommand({ ...user, AccessKeyId: memory.recall('key') })) },
  { name: 'list the other key', play: (iam) => iam.send(new ListAccessKeysCommand(user)) },
  {
    name: 'delete the key again',
    play: (iam, memory) => iam.send(new DeleteAccessKeyCommand({ ...user, AccessKeyId: memory.recall('key') })),
  },

  { name: 'get no password', play: (iam) => iam.send(new GetLoginProfileCommand(user)) },
  {
    name: 'create a password',
    play: (iam) => iam.send(new CreateLoginProfileCommand({ ...user, Password: 'Xx-1234567890-yy', PasswordResetRequired: true })),
  },
  { name: 'create the password again', play: (iam) => iam.send(new CreateLoginProfileCommand({ ...user, Password: 'Xx-1234567890-yy' })) },
  { name: 'get the password', play: (iam) => iam.send(new GetLoginProfileCommand(user)) },
  {
    name: 'update the password',
    play: (iam) => iam.send(new UpdateLoginProfileCommand({ ...user, Password: 'Zz-1234567890-yy', PasswordResetRequired: false })),
  },
  { name: 'delete the password', play: (iam) => iam.send(new DeleteLoginProfileCommand(user)) },
  { name: 'delete the password again', play: (iam) => iam.send(new DeleteLoginProfileCommand(user)) },

  { name: 'put an inline policy', play: (iam) => iam.send(new PutUserPolicyCommand({ ...inline, PolicyDocument: ALLOW })) },
  { name: 'put what is no JSON', play: (iam) => iam.send(new PutUserPolicyCommand({ ...inline, PolicyDocument: '{' })) },
  {
    name: 'put a policy without an effect',
    play: (iam) => iam.send(new PutUserPolicyCommand({ ...inline, PolicyDocument: ALLOW.replace('Effect', 'Affect') })),
  },
  { name: 'get the inline policy', play: (iam) => iam.send(new GetUserPolicyCommand(inline)) },
  { name: 'get no inline policy', play: (iam) => iam.send(new GetUserPolicyCommand({ ...user, PolicyName: 'none' })) },
  { name: 'list inline policies', play: (iam) => iam.send(new ListUserPoliciesCommand(user)) },
  { name: 'attach a policy', play: (iam) => iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn: READ_ONLY })) },
  { name: 'attach the policy again', play: (iam) => iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn: READ_ONLY })) },
  { name: 'attach no policy', play: (iam) => iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn: `${READ_ONLY}Nowhere` })) },
  { name: 'list attached policies', play: (iam) => iam.send(new ListAttachedUserPoliciesCommand(user)) },

  { name: 'create a group', play: (iam) => iam.send(new CreateGroupCommand({ ...group, Path: PATH })) },
  { name: 'create the group again', play: (iam) => iam.send(new CreateGroupCommand(group)) },
  { name: 'join the group', play: (iam) => iam.send(new AddUserToGroupCommand({ ...group, ...user })) },
  { name: 'join the group again', play: (iam) => iam.send(new AddUserToGroupCommand({ ...group, ...user })) },
  { name: 'join no group', play: (iam) => iam.send(new AddUserToGroupCommand({ GroupName: 'wire-none', ...user })) },
  { name: 'get the group', play: (iam) => iam.send(new GetGroupCommand(group)) },
  { name: 'list groups of the user', play: (iam) => iam.send(new ListGroupsForUserCommand(user)) },
  {
    name: 'put a policy on the group',
    play: (iam) => iam.send(new PutGroupPolicyCommand({ ...group, PolicyName: 'notes', PolicyDocument: ALLOW })),
  },
  { name: 'create a group to delete', play: (iam) => iam.send(new CreateGroupCommand(full)) },
  { name: 'join the group to delete', play: (iam) => iam.send(new AddUserToGroupCommand({ ...full, UserName: 'wire-cyd' })) },
  { name: 'delete a full group', play: (iam) => iam.send(new DeleteGroupCommand(full)) },
  { name: 'create a key of wire-dee', play: (iam) => iam.send(new CreateAccessKeyCommand({ UserName: 'wire-dee' })) },
  { name: 'delete a user with a key', play: (iam) => iam.send(new DeleteUserCommand({ UserName: 'wire-dee' })) },

  { name: 'delete a user with everything', play: (iam) => iam.send(new DeleteUserCommand(user)) },
  { name: 'leave the group', play: (iam) => iam.send(new RemoveUserFromGroupCommand({ ...group, ...user })) },
  { name: 'detach the policy', play: (iam) => iam.send(new DetachUserPolicyCommand({ ...user, PolicyArn: READ_ONLY })) },
  { name: 'detach the policy again', play: (iam) => iam.send(new DetachUserPolicyCommand({ ...user, PolicyArn: READ_ONLY })) },
  { name: 'delete a user with a key and a policy', play: (iam) => iam.send(new DeleteUserCommand(user)) },
  { name: 'delete the inline policy', play: (iam) => iam.send(new DeleteUserPolicyCommand(inline)) },
  { name: 'delete the inline policy again', play: (iam) => iam.send(new DeleteUserPolicyCommand(inline)) },
  { name: 'delete an empty user', play: (iam) => iam.send(new DeleteUserCommand({ UserName: 'wire-bob' })) },
  { name: 'delete nobody', play: (iam) => iam.send(new DeleteUserCommand(nobody)) },
];
