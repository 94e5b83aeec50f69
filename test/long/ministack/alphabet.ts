import { ACCOUNT } from './cloud.js';
import { TARGETS } from './targets.js';

const iamArn = (rest: string): string => `arn:aws:iam::${ACCOUNT}:${rest}`;
const secretArn = (rest: string): string => `arn:aws:secretsmanager:*:${ACCOUNT}:secret:${rest}`;

/** Action patterns, from wide to narrow; case does not count. */
export const ACTIONS = [
  '*',
  'iam:*',
  'iam:Get*',
  'iam:List*',
  'iam:GetUser',
  'IAM:getuser',
  'iam:???User',
  'iam:*User*',
  'iam:AttachUserPolicy',
  's3:*',
  's3:GetObject',
  's3:Get*',
  's3:PutObject',
  's3:ListBucket',
  'secretsmanager:*',
  'secretsmanager:GetSecretValue',
  'secretsmanager:*Secret*',
  'sts:AssumeRole',
  'sts:*',
] as const;

/** Resource patterns that fit the targets, some of them, or something else. */
export const RESOURCES = [
  '*',
  iamArn(`user/${TARGETS.user}`),
  iamArn('user/target-*'),
  iamArn('user/?arget-user'),
  iamArn('user/*'),
  iamArn(`user${TARGETS.path}*`),
  iamArn('user/TARGET-USER'),
  iamArn('role/*'),
  iamArn('role/<trusted>'),
  iamArn('group/*'),
  iamArn('policy/*'),
  iamArn('*'),
  'arn:aws:iam::999988887777:*',
  'arn:aws:iam::*',
  'arn:aws:s3:::*',
  'arn:aws:s3:*',
  `arn:aws:s3:::${TARGETS.bucket}`,
  `arn:aws:s3:::${TARGETS.bucket}/*`,
  `arn:aws:s3:::${TARGETS.bucket}/logs/*`,
  `arn:aws:s3:::${TARGETS.bucket}/?ata/b`,
  secretArn('*'),
  secretArn('cross-check/*'),
  secretArn('cross-check/one-??????'),
] as const;

/** One condition: operator, key, values. */
export type ConditionParts = readonly [operator: string, key: string, ...values: readonly string[]];

const FAR = '2099-01-01T00:00:00Z';
const LONG_AGO = '2020-01-01T00:00:00Z';

/** Conditions that both clouds read alike. */
export const CONDITIONS: readonly ConditionParts[] = [
  ['StringEquals', 'aws:userid', '<userId>', '<workerId>:worker-1'],
  ['StringEquals', 'aws:userid', '<workerId>:other'],
  ['StringLike', 'aws:userid', '<workerId>:*'],
  ['StringNotLike', 'aws:userid', 'AIDA*', 'AROA*:x'],
  ['StringEquals', 'aws:username', '<user>'],
  ['StringNotEquals', 'aws:username', '<user>'],
  ['StringEqualsIfExists', 'aws:username', 'somebody'],
  ['StringEqualsIgnoreCase', 'aws:username', 'SOMEBODY', 'TARGET-USER'],
  ['StringEquals', 'aws:PrincipalType', 'User'],
  ['StringEquals', 'aws:PrincipalType', 'AssumedRole', 'FederatedUser'],
  ['StringEquals', 'aws:PrincipalAccount', ACCOUNT],
  ['StringNotEquals', 'aws:PrincipalAccount', ACCOUNT, '999988887777'],
  ['StringEquals', 'aws:PrincipalTag/team', 'blue'],
  ['StringNotEquals', 'AWS:PrincipalTag/Team', 'blue'],
  ['StringEquals', 'aws:PrincipalTag/grade', 'a'],
  ['Null', 'aws:PrincipalTag/grade', 'true'],
  ['IpAddress', 'aws:SourceIp', '127.0.0.0/24'],
  ['IpAddress', 'AWS:sourceip', '127.0.0.2', '10.0.0.0/8'],
  ['NotIpAddress', 'aws:SourceIp', '127.0.0.2/32', '127.9.0.0/16'],
  ['NotIpAddressIfExists', 'aws:SourceIp', '127.0.0.0/8'],
  ['Null', 'aws:TokenIssueTime', 'true'],
  ['Null', 'aws:TokenIssueTime', 'false'],
  ['DateLessThan', 'aws:TokenIssueTime', FAR],
  ['DateLessThan', 'aws:TokenIssueTime', LONG_AGO],
  ['DateGreaterThanEquals', 'aws:TokenIssueTime', LONG_AGO],
  ['DateLessThanIfExists', 'aws:TokenIssueTime', LONG_AGO],
  ['DateNotEquals', 'aws:TokenIssueTime', LONG_AGO],
  ['DateGreaterThan', 'aws:CurrentTime', FAR],
  ['DateLessThanEquals', 'aws:CurrentTime', FAR],
  ['NumericLessThan', 'aws:EpochTime', '4000000000'],
  ['NumericGreaterThanEquals', 'aws:EpochTime', '4000000000'],
  ['DateLessThan', 'aws:EpochTime', FAR],
  ['Bool', 'aws:MultiFactorAuthPresent', 'true'],
  ['Bool', 'aws:MultiFactorAuthPresent', 'false'],
  ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'false'],
  ['StringEquals', 'aws:RequestedRegion', 'us-east-1'],
  ['StringNotLike', 'aws:RequestedRegion', 'us-*'],
  ['StringEquals', 's3:prefix', 'logs/'],
  ['StringLikeIfExists', 's3:prefix', 'data/*'],
  ['ArnEquals', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:user/<user>`],
  ['ArnNotLike', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:user/subject-*`],
  ['StringLike', 'aws:PrincipalArn', '*:user/subject-*'],
  ['ForAnyValue:StringEquals', 'aws:username', '<user>', 'somebody'],
  ['ForAnyValue:StringNotEquals', 'aws:username', 'somebody'],
  ['ForAllValues:StringLike', 'aws:username', 'subject-*'],
];

/** Conditions about what a request brings, which one of the clouds does not know for some requests. */
export const CONTESTED: readonly ConditionParts[] = [
  ['StringEquals', 'aws:username', '${aws:username}'],
  ['StringNotLike', 'aws:userid', '${aws:userid}'],
  ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/<worker>`],
  ['ArnNotEquals', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/<worker>`],
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:*:user/<user>'],
  ['Bool', 'aws:ViaAWSService', 'false'],
  ['Bool', 'aws:SecureTransport', 'true'],
  ['StringEquals', 'aws:ResourceAccount', ACCOUNT],
  ['ArnEquals', 'iam:PolicyARN', TARGETS.policy],
  ['StringLike', 'sts:RoleSessionName', 'job-*'],
  ['StringEquals', 'sts:ExternalId', 'ticket-1'],
  ['StringEquals', 'aws:RequestTag/stage', 'test'],
  ['ForAllValues:StringEquals', 'aws:TagKeys', 'stage'],
  ['ForAnyValue:StringEquals', 'aws:TagKeys', 'cost'],
  ['ForAnyValue:StringNotEquals', 'aws:TagKeys', 'stage'],
];

/** Resources of which one of the clouds makes something else. */
export const CONTESTED_RESOURCES = [iamArn('user/${aws:username}'), iamArn('*/target-*')] as const;

/** Conditions of trust policies. */
export const TRUST_CONDITIONS: readonly ConditionParts[] = [
  ['StringEquals', 'sts:ExternalId', 'ticket-1'],
  ['StringNotEquals', 'sts:ExternalId', 'ticket-1'],
  ['StringLike', 'sts:RoleSessionName', 'job-*'],
  ['Null', 'sts:ExternalId', 'false'],
  ...CONDITIONS,
];

/** Whom a trust policy names. The last three mean one caller alone. */
export const TRUSTED = [
  iamArn('root'),
  ACCOUNT,
  '*',
  iamArn(`user/${TARGETS.user}`),
  '999988887777',
  iamArn('user/<user>'),
  iamArn('role/<worker>'),
  `arn:aws:sts::${ACCOUNT}:assumed-role/<worker>/worker-1`,
] as const;
