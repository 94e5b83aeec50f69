import {
  AttachUserPolicyCommand,
  GetGroupCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListGroupsCommand,
  ListRolePoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutUserPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeSecretCommand, GetSecretValueCommand, ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, GetCallerIdentityCommand, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { ACCOUNT, type Clients } from './cloud.js';
import { TARGETS } from './targets.js';
import { policyText } from './world.js';

/** A request. Whoever is allowed it succeeds, however often it is made. */
export type Ask = (clients: Clients, names: Readonly<Record<string, string>>) => Promise<unknown>;

const user = { UserName: TARGETS.user };
const bucket = { Bucket: TARGETS.bucket };

const NOTHING = policyText([{ Effect: 'Deny', Action: ['sns:*'], Resource: ['*'] }], {});

function assume(extra: Partial<AssumeRoleCommandInput> = {}): Ask {
  return ({ sts }, { trusted = '' }) => {
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${trusted}`;
    return sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'job-1', ...extra }));
  };
}

/** Requests that both clouds authorize, IAM's apart. */
export const OTHER_ASKS: Readonly<Record<string, Ask>> = {
  's3:GetObject logs/a': ({ s3 }) => s3.send(new GetObjectCommand({ ...bucket, Key: 'logs/a' })),
  's3:GetObject data/b': ({ s3 }) => s3.send(new GetObjectCommand({ ...bucket, Key: 'data/b' })),
  's3:PutObject data/b': ({ s3 }) => s3.send(new PutObjectCommand({ ...bucket, Key: 'data/b', Body: 'x' })),
  's3:ListBucket': ({ s3 }) => s3.send(new ListObjectsV2Command(bucket)),
  's3:ListBucket logs/': ({ s3 }) => s3.send(new ListObjectsV2Command({ ...bucket, Prefix: 'logs/' })),
  'secretsmanager:GetSecretValue': ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: TARGETS.secret })),
  'secretsmanager:DescribeSecret': ({ secrets }) => secrets.send(new DescribeSecretCommand({ SecretId: TARGETS.otherSecret })),
  'secretsmanager:ListSecrets': ({ secrets }) => secrets.send(new ListSecretsCommand({})),
  'sts:GetCallerIdentity': ({ sts }) => sts.send(new GetCallerIdentityCommand({})),
  'sts:AssumeRole': assume(),
  'sts:AssumeRole with the external id': assume({ ExternalId: 'ticket-1' }),
  'sts:AssumeRole under another name': assume({ RoleSessionName: 'night-2' }),
  'sts:AssumeRole with a tag': assume({ Tags: [{ Key: 'stage', Value: 'test' }] }),
};

/** Requests to IAM. */
export const IAM_ASKS: Readonly<Record<string, Ask>> = {
  'iam:GetUser': ({ iam }) => iam.send(new GetUserCommand(user)),
  'iam:GetUser on a path': ({ iam }) => iam.send(new GetUserCommand({ UserName: TARGETS.userOnPath })),
  'iam:ListUsers': ({ iam }) => iam.send(new ListUsersCommand({ MaxItems: 1 })),
  'iam:ListGroups': ({ iam }) => iam.send(new ListGroupsCommand({ MaxItems: 1 })),
  'iam:ListAccessKeys': ({ iam }) => iam.send(new ListAccessKeysCommand(user)),
  'iam:ListUserTags': ({ iam }) => iam.send(new ListUserTagsCommand(user)),
  'iam:GetRole': ({ iam }) => iam.send(new GetRoleCommand({ RoleName: TARGETS.role })),
  'iam:ListRolePolicies': ({ iam }) => iam.send(new ListRolePoliciesCommand({ RoleName: TARGETS.role })),
  'iam:GetGroup': ({ iam }) => iam.send(new GetGroupCommand({ GroupName: TARGETS.group })),
  'iam:GetPolicy': ({ iam }) => iam.send(new GetPolicyCommand({ PolicyArn: TARGETS.policy })),
  'iam:TagUser': ({ iam }) => iam.send(new TagUserCommand({ ...user, Tags: [{ Key: 'stage', Value: 'test' }] })),
  'iam:TagUser twice': ({ iam }) =>
    iam.send(
      new TagUserCommand({
        ...user,
        Tags: [
          { Key: 'stage', Value: 'test' },
          { Key: 'cost', Value: '1' },
        ],
      }),
    ),
  'iam:PutUserPolicy': ({ iam }) => iam.send(new PutUserPolicyCommand({ ...user, PolicyName: 'put', PolicyDocument: NOTHING })),
  'iam:AttachUserPolicy': ({ iam }) => iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn: TARGETS.policy })),
};
