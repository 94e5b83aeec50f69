import { ACCOUNT, ADDRESSES } from './cloud.js';
import type { Known } from './known.js';
import type { Difference } from './shrink.js';
import { TARGETS } from './targets.js';
import { says, type Caller, type Layer, type Statement, type World } from './world.js';

/** Layers whose policies name no principal. */
const IDENTITY: readonly Layer[] = [
  'userInline',
  'userManaged',
  'groupInline',
  'groupManaged',
  'userBoundary',
  'roleInline',
  'roleManaged',
  'roleBoundary',
  'session',
];

const iamArn = (rest: string): string => `arn:aws:iam::${ACCOUNT}:${rest}`;
const allow = (extra: Partial<Statement> = {}): Statement => ({ Effect: 'Allow', Action: ['*'], Resource: ['*'], ...extra });
const allowIf = (operator: string, key: string, value: string): Statement => allow({ Condition: { [operator]: { [key]: [value] } } });
const user = (...userInline: Statement[]): World => ({ userInline });
const role = (...roleInline: Statement[]): World => ({ roleInline });

type Answers = Pick<Difference, 'range' | 'ministack'>;
const ONLY_RANGE: Answers = { range: 'allowed', ministack: 'AccessDenied' };
const ONLY_MINISTACK: Answers = { range: 'AccessDenied', ministack: 'allowed' };

function asked(caller: Caller, ask: string, world: World): Pick<Difference, 'world' | 'question'> {
  return { world, question: { caller, ask, sourceIp: ADDRESSES[0] } };
}

/** Every known difference. */
export const KNOWN: readonly Known[] = [
  {
    name: 'IAM refuses sessions without MFA',
    right: 'range',
    why: 'STS API reference, GetSessionToken and GetFederationToken: no IAM operation without MFA. MiniStack asks the policies.',
    byRequest: true,
    holds: ({ question: { caller, ask }, range }) =>
      (caller === 'sessionToken' || caller === 'federatedUser') && ask.startsWith('iam:') && range === 'InvalidClientTokenId',
    example: { ...asked('sessionToken', 'iam:GetUser', user(allow())), range: 'InvalidClientTokenId', ministack: 'allowed' },
  },
  {
    name: 'federated sessions assume no role',
    right: 'range',
    why: 'STS API reference, GetFederationToken: of STS only GetCallerIdentity. MiniStack asks the policies.',
    byRequest: true,
    holds: ({ question: { caller, ask }, range }) =>
      caller === 'federatedUser' && ask.startsWith('sts:AssumeRole') && range === 'AccessDenied',
    example: { ...asked('federatedUser', 'sts:AssumeRole', user(allow())), ...ONLY_MINISTACK },
  },
  {
    name: 'policy variables',
    right: 'range',
    why: 'IAM user guide, "IAM policy elements: Variables and tags". MiniStack compares the text ${aws:username}.',
    holds: ({ world }) => says(world, /\$\{aws:/),
    example: { ...asked('userKey', 'iam:GetUser', user(allowIf('StringEquals', 'aws:username', '${aws:username}'))), ...ONLY_RANGE },
  },
  {
    name: "a user's or role's path",
    right: 'range',
    why: 'IAM user guide, "IAM ARNs": the path is part of the resource. MiniStack asks about user/NAME.',
    holds: ({ world, question: { ask } }) =>
      ask === 'iam:GetUser on a path' && says(world, /:user\/\?arget-user|:user\/target-|:user\/people|\*\/target-/),
    example: { ...asked('userKey', 'iam:GetUser on a path', user(allow({ Resource: [iamArn(`user${TARGETS.path}*`)] }))), ...ONLY_RANGE },
  },
  {
    name: 'ListUsers has a resource',
    right: 'range',
    why: "IAM's refusals name arn:aws:iam::ACCOUNT:user/ as the resource of ListUsers. MiniStack asks about *.",
    holds: ({ world, question: { ask } }) => ask === 'iam:ListUsers' && says(world, /:user\/\*|:\d{12}:\*|arn:aws:iam::\*/),
    example: { ...asked('userKey', 'iam:ListUsers', user(allow({ Resource: [iamArn('user/*')] }))), ...ONLY_RANGE },
  },
  {
    name: "aws:PrincipalArn of a role's session",
    right: 'range',
    why: "IAM user guide, aws:PrincipalArn: for a session the ARN of the role. MiniStack gives the session's.",
    holds: ({ world, question: { caller } }) => caller === 'roleSession' && says(world, /aws:PrincipalArn/),
    example: {
      ...asked('roleSession', 'iam:GetUser', role(allowIf('ArnLike', 'aws:PrincipalArn', iamArn('role/<worker>')))),
      ...ONLY_RANGE,
    },
  },
  {
    name: 'ARN operators and colons',
    right: 'range',
    why: 'IAM user guide, "ARN condition operators": the six parts are checked one by one. MiniStack lets * reach over colons.',
    holds: ({ world }) => says(world, /"Arn\w+":\{"aws:PrincipalArn":\["arn:aws:\*:user/),
    example: {
      ...asked('userKey', 'iam:GetUser', user(allowIf('ArnLike', 'aws:PrincipalArn', 'arn:aws:*:user/<user>'))),
      ...ONLY_MINISTACK,
    },
  },
  {
    name: 'aws:ViaAWSService',
    right: 'range',
    why: 'IAM user guide: always in the context, false for a direct call. MiniStack leaves it out.',
    holds: ({ world }) => says(world, /aws:ViaAWSService/),
    example: { ...asked('userKey', 's3:ListBucket', user(allowIf('Bool', 'aws:ViaAWSService', 'false'))), ...ONLY_RANGE },
  },
  {
    name: 'aws:SecureTransport',
    right: 'neither',
    why: 'Both are asked over plain HTTP. MiniStack says so; the range plays an endpoint that has TLS.',
    holds: ({ world }) => says(world, /aws:SecureTransport/),
    example: { ...asked('userKey', 's3:ListBucket', user(allowIf('Bool', 'aws:SecureTransport', 'true'))), ...ONLY_RANGE },
  },
  {
    name: 'iam:PolicyARN',
    right: 'range',
    why: 'Service Authorization Reference, IAM: a key of AttachUserPolicy. MiniStack leaves it out.',
    holds: ({ world, question: { ask } }) => ask === 'iam:AttachUserPolicy' && says(world, /iam:PolicyARN/),
    example: { ...asked('userKey', 'iam:AttachUserPolicy', user(allowIf('ArnEquals', 'iam:PolicyARN', TARGETS.policy))), ...ONLY_RANGE },
  },
  {
    name: "sts:ExternalId and sts:RoleSessionName in the caller's policies",
    right: 'range',
    why: 'Service Authorization Reference, STS: keys of AssumeRole wherever they are asked. MiniStack has them in trust policies only.',
    holds: ({ world, question: { ask } }) => ask.startsWith('sts:AssumeRole') && says(world, /sts:(ExternalId|RoleSessionName)/, IDENTITY),
    example: { ...asked('userKey', 'sts:AssumeRole', user(allowIf('StringLike', 'sts:RoleSessionName', 'job-*'))), ...ONLY_RANGE },
  },
  {
    name: "sts:TagSession in the caller's policies",
    right: 'range',
    why: 'IAM user guide, "Pass session tags": the caller and the trust must both allow it. MiniStack asks the trust only.',
    holds: ({ question: { ask }, range, ministack }) =>
      ask === 'sts:AssumeRole with a tag' && range === 'AccessDenied' && ministack === 'allowed',
    example: {
      ...asked('userKey', 'sts:AssumeRole with a tag', {
        userInline: [allow({ Action: ['sts:AssumeRole'] })],
        trust: [{ Effect: 'Allow', Principal: { AWS: iamArn('root') }, Action: ['sts:*'] }],
      }),
      ...ONLY_MINISTACK,
    },
  },
  {
    name: 'a trust policy that names the caller alone',
    right: 'range',
    why: 'IAM user guide, "Policy evaluation for requests within a single account": he needs no policy of his own. MiniStack wants one.',
    holds: ({ world, question: { ask }, range }) =>
      ask.startsWith('sts:AssumeRole') && range === 'allowed' && says(world, /"AWS":"[^"]*<(user|worker)>/, ['trust']),
    example: {
      ...asked('userKey', 'sts:AssumeRole', {
        trust: [{ Effect: 'Allow', Principal: { AWS: iamArn('user/<user>') }, Action: ['sts:AssumeRole'] }],
      }),
      ...ONLY_RANGE,
    },
  },
  {
    name: 'aws:ResourceAccount',
    right: 'MiniStack',
    why: 'IAM user guide: in the context of most requests. The range leaves it out.',
    holds: ({ world }) => says(world, /aws:ResourceAccount/),
    example: { ...asked('userKey', 'iam:GetUser', user(allowIf('StringEquals', 'aws:ResourceAccount', ACCOUNT))), ...ONLY_MINISTACK },
  },
  {
    name: 'aws:RequestTag and aws:TagKeys of TagUser',
    right: 'MiniStack',
    why: 'Service Authorization Reference, IAM: keys of TagUser. The range leaves them out.',
    holds: ({ world, question: { ask } }) => ask.startsWith('iam:TagUser') && says(world, /aws:(RequestTag|TagKeys)/),
    example: { ...asked('userKey', 'iam:TagUser', user(allowIf('StringEquals', 'aws:RequestTag/stage', 'test'))), ...ONLY_MINISTACK },
  },
];
