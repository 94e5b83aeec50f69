import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { ACCOUNT, ADDRESSES, type Clients, type Cloud, type Keys } from './cloud.js';
import { policyText } from './world.js';

/** What requests are about: the same in both clouds. */
export const TARGETS = {
  user: 'target-user',
  userOnPath: 'target-person',
  path: '/people/',
  group: 'target-group',
  role: 'target-role',
  policy: `arn:aws:iam::${ACCOUNT}:policy/target-policy`,
  bucket: 'cross-check-bucket',
  secret: 'cross-check/one',
  otherSecret: 'other/two',
} as const;

const EVERYTHING = policyText([{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }], {});

/**
 * Makes the targets and an administrator whose key sets up the worlds.
 *
 * @param first whoever may do everything when the cloud starts.
 * @returns the administrator's clients.
 */
export async function createTargets(cloud: Cloud, first: Keys): Promise<Clients> {
  const starter = cloud.clientsFor(first, ADDRESSES[0]);
  const administrator = { UserName: 'cross-check-admin' };
  await starter.iam.send(new CreateUserCommand(administrator));
  await starter.iam.send(new PutUserPolicyCommand({ ...administrator, PolicyName: 'everything', PolicyDocument: EVERYTHING }));
  const { AccessKey } = await starter.iam.send(new CreateAccessKeyCommand(administrator));
  const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  const clients = cloud.clientsFor(keys, ADDRESSES[0]);

  const { iam, s3, secrets } = clients;
  await iam.send(new CreateUserCommand({ UserName: TARGETS.user }));
  await iam.send(new CreateUserCommand({ UserName: TARGETS.userOnPath, Path: TARGETS.path }));
  await iam.send(new CreateGroupCommand({ GroupName: TARGETS.group }));
  await iam.send(new AddUserToGroupCommand({ GroupName: TARGETS.group, UserName: TARGETS.user }));
  await iam.send(new CreateRoleCommand({ RoleName: TARGETS.role, AssumeRolePolicyDocument: trustOfAccount() }));
  await iam.send(new CreatePolicyCommand({ PolicyName: 'target-policy', PolicyDocument: EVERYTHING }));
  await s3.send(new CreateBucketCommand({ Bucket: TARGETS.bucket }));
  for (const Key of ['logs/a', 'data/b']) await s3.send(new PutObjectCommand({ Bucket: TARGETS.bucket, Key, Body: 'x' }));
  for (const Name of [TARGETS.secret, TARGETS.otherSecret]) await secrets.send(new CreateSecretCommand({ Name, SecretString: 'x' }));
  return clients;
}

/** A trust policy for everybody in the account whose own policies allow the call. */
export function trustOfAccount(): string {
  return policyText([{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: ['sts:AssumeRole'] }], {});
}
