import type { Account } from './account.js';

const allow = (action: string | readonly string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
const deny = (action: string | readonly string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }] });

/** A shortened `AWSCompromisedKeyQuarantineV3`: a fraud limiter that leaves ways back open (aws-domain 1.2); here of every version. */
const QUARANTINE_DENIES = [
  'cloudtrail:LookupEvents',
  'ec2:RequestSpotInstances',
  'ec2:RunInstances',
  'ec2:StartInstances',
  'iam:AddUserToGroup',
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:ChangePassword',
  'iam:CreateAccessKey',
  'iam:CreateInstanceProfile',
  'iam:CreateLoginProfile',
  'iam:CreatePolicyVersion',
  'iam:CreateRole',
  'iam:CreateUser',
  'iam:DetachUserPolicy',
  'iam:PassRole',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:PutUserPermissionsBoundary',
  'iam:PutUserPolicy',
  'iam:SetDefaultPolicyVersion',
  'iam:UpdateAccessKey',
  'iam:UpdateLoginProfile',
  'iam:UpdateUser',
  'lambda:CreateFunction',
  's3:GetObject',
  's3:ListBucket',
  'sts:GetFederationToken',
  'sts:GetSessionToken',
] as const;

const READ_ONLY = [
  'cloudtrail:Describe*',
  'cloudtrail:Get*',
  'cloudtrail:List*',
  'cloudtrail:LookupEvents',
  'ec2:Describe*',
  'iam:Get*',
  'iam:List*',
  'iam:Simulate*',
  's3:Get*',
  's3:List*',
  'sts:Get*',
] as const;

const AWS_MANAGED = [
  { name: 'AdministratorAccess', path: '/', document: allow('*') },
  { name: 'AWSDenyAll', path: '/', document: deny('*') },
  ...['', 'V2', 'V3', 'V4'].map((version) => ({
    name: `AWSCompromisedKeyQuarantine${version}`,
    path: '/',
    document: deny(QUARANTINE_DENIES),
  })),
  { name: 'ReadOnlyAccess', path: '/', document: allow(READ_ONLY) },
  { name: 'IAMReadOnlyAccess', path: '/', document: allow(['iam:Get*', 'iam:List*', 'iam:Simulate*', 'iam:GenerateCredentialReport']) },
  {
    name: 'PowerUserAccess',
    path: '/',
    document: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }],
    }),
  },
] as const;

/** Adds the policies that AWS manages and every account has. Only those the scenarios and our measures name. */
export function addAwsManagedPolicies(account: Account): void {
  for (const policy of AWS_MANAGED) account.addPolicy({ ...policy, isAwsManaged: true });
}
