import { describe, expect, it } from 'vitest';
import { MeasureName } from '../../../src/contracts/plan.js';
import { measureCallFor } from '../../../src/domain/planning/measure-calls.js';
import { decide, deployed, MANAGEMENT, MEMBER, ORGANIZATION, policyOf } from './template.js';

const spoke = deployed('spoke');
const hub = deployed('hub');
const iam = (path: string, account = MEMBER): string => `arn:aws:iam::${account}:${path}`;
const user = iam('user/automation/ci-deploy');
const role = iam('role/deploy-target');
const DENY_ALL = 'arn:aws:iam::aws:policy/AWSDenyAll';
const policyArn = (arn: string) => ({ 'iam:PolicyARN': arn });
const boundary = (arn: string) => ({ 'iam:PermissionsBoundary': arn });

type Call = [action: string, resource: string, keys?: Record<string, string>];

/** What each role may and may not do, by its one policy. */
const ROLES: { name: string; document: ReturnType<typeof policyOf>; may: Call[]; mayNot: Call[] }[] = [
  {
    name: 'spoke Reader',
    document: policyOf(spoke, 'ReaderBoundary'),
    may: [
      ['iam:GetAccountAuthorizationDetails', '*'],
      ['iam:GetServiceLastAccessedDetails', '*'],
      ['cloudtrail:LookupEvents', '*'],
      ['ec2:DescribeInstances', '*'],
      ['lambda:ListFunctions', '*'],
    ],
    mayNot: [
      ['secretsmanager:GetSecretValue', '*'],
      ['lambda:GetFunction', '*'],
      ['ssm:GetParametersByPath', '*'],
      ['kms:Decrypt', '*'],
      ['iam:PutUserPolicy', user],
      ['iam:UpdateAccessKey', user],
      ['sts:AssumeRole', role],
    ],
  },
  {
    name: 'spoke Responder',
    document: policyOf(spoke, 'ResponderBoundary'),
    may: [
      ['iam:UpdateAccessKey', user],
      ['iam:UpdateServiceSpecificCredential', user],
      ['iam:DeleteLoginProfile', user],
      ['iam:PutUserPolicy', user],
      ['iam:PutRolePolicy', role],
      ['iam:UpdateAssumeRolePolicy', role],
      ['iam:AttachUserPolicy', user, policyArn(iam('policy/ir/IRQuarantine'))],
      ['iam:DetachRolePolicy', role, policyArn(DENY_ALL)],
      ['iam:PutUserPermissionsBoundary', user, boundary(DENY_ALL)],
      ['iam:DeleteUserPermissionsBoundary', user, boundary(DENY_ALL)],
      [
        'iam:PutRolePermissionsBoundary',
        role,
        { ...boundary(iam('policy/Ceiling')), 'aws:PrincipalTag/ir-boundary': iam('policy/Ceiling') },
      ],
      ['iam:AddUserToGroup', iam('group/ir/IRQuarantine')],
      ['iam:CreatePolicyVersion', iam('policy/build/DeployPipeline')],
      ['lambda:PutFunctionConcurrency', `arn:aws:lambda:eu-central-1:${MEMBER}:function:nightly`],
      ['ec2:DisassociateIamInstanceProfile', `arn:aws:ec2:eu-central-1:${MEMBER}:instance/i-0123456789abcdef0`],
      ['iam:PassRole', role, { 'iam:PassedToService': 'ec2.amazonaws.com' }],
      ['iam:SimulatePrincipalPolicy', user],
    ],
    mayNot: [
      ['iam:AttachUserPolicy', user, policyArn('arn:aws:iam::aws:policy/AdministratorAccess')],
      ['iam:PutUserPermissionsBoundary', user, boundary('arn:aws:iam::aws:policy/AdministratorAccess')],
      ['iam:PutRolePermissionsBoundary', role, { ...boundary(iam('policy/Other')), 'aws:PrincipalTag/ir-boundary': iam('policy/Ceiling') }],
      ['iam:DeleteUserPermissionsBoundary', user, boundary(iam('policy/Ceiling'))],
      ['iam:AddUserToGroup', iam('group/engineers')],
      ['iam:CreateAccessKey', user],
      ['iam:DeleteAccessKey', user],
      ['iam:CreateUser', user],
      ['iam:PassRole', role, { 'iam:PassedToService': 'lambda.amazonaws.com' }],
      ['iam:PassRole', iam('role/ir/Responder'), { 'iam:PassedToService': 'ec2.amazonaws.com' }],
      ['iam:PutRolePolicy', iam('role/ir/Responder')],
      ['iam:PutRolePolicy', iam('role/breakglass-admin')],
      ['iam:PutUserPolicy', iam('user/breakglass/break-glass')],
      ['iam:PutRolePolicy', iam('role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty')],
      ['iam:UpdateAssumeRolePolicy', iam('role/OrganizationAccountAccessRole')],
      ['iam:CreatePolicyVersion', iam('policy/ir/IRQuarantine')],
      ['sts:AssumeRole', role],
      ['organizations:UpdatePolicy', '*'],
    ],
  },
  {
    name: 'spoke Restorer',
    document: policyOf(spoke, 'RestorerBoundary'),
    may: [
      ['iam:CreateAccessKey', user],
      ['iam:DeleteUser', user],
      ['iam:RemoveUserFromGroup', iam('group/ir/IRQuarantine')],
      ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:us-east-1:${MEMBER}:secret:tourniquet/ci-deploy-AbCdEf`],
      ['ec2:TerminateInstances', `arn:aws:ec2:us-east-1:${MEMBER}:instance/i-0123456789abcdef0`],
    ],
    mayNot: [
      ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:us-east-1:${MEMBER}:secret:payments-AbCdEf`],
      ['iam:PutUserPolicy', user],
      ['iam:CreateUser', user],
      ['iam:DeleteRole', iam('role/ir/Reader')],
      ['iam:DeletePolicy', iam('policy/ir/IRQuarantine')],
      ['iam:DeleteUser', iam('user/breakglass/break-glass')],
    ],
  },
  {
    name: 'hub Orchestrator',
    document: policyOf(hub, 'OrchestratorBoundary'),
    may: [
      ['sts:AssumeRole', iam('role/ir/Reader')],
      ['sts:SetSourceIdentity', iam('role/ir/Responder')],
      ['sts:TagSession', iam('role/ir/Restorer')],
    ],
    mayNot: [
      ['sts:AssumeRole', iam('role/deploy-target')],
      ['sts:AssumeRole', iam('role/OrganizationAccountAccessRole')],
      ['iam:GetUser', user],
    ],
  },
  {
    name: 'hub Responder',
    document: policyOf(hub, 'ResponderBoundary'),
    may: [
      ['organizations:UpdatePolicy', `arn:aws:organizations::${MANAGEMENT}:policy/${ORGANIZATION}/service_control_policy/p-tqquar02`],
      ['sso:ProvisionPermissionSet', '*'],
      ['sts:AssumeRoot', iam('root'), { 'sts:TaskPolicyArn': 'arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials' }],
    ],
    mayNot: [
      ['organizations:UpdatePolicy', `arn:aws:organizations::${MANAGEMENT}:policy/${ORGANIZATION}/service_control_policy/p-tqguard1`],
      ['organizations:AttachPolicy', '*'],
      ['organizations:MoveAccount', '*'],
      ['sts:AssumeRoot', iam('root'), { 'sts:TaskPolicyArn': 'arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy' }],
      ['sso:CreatePermissionSet', '*'],
    ],
  },
];

describe.each(ROLES)('$name', ({ document, may, mayNot }) => {
  it.each(may)('may call %s on %s', (...call) => {
    expect(decide(document, call)).toBe('allowed');
  });

  it.each(mayNot)('may not call %s on %s', (...call) => {
    expect(decide(document, call)).not.toBe('allowed');
  });
});

/** Calls that root itself makes, in the session of AssumeRoot. */
const BY_ROOT = ['iam:DeleteAccessKey', 'iam:DeleteLoginProfile'];

it.each(MeasureName.options)('lets the Responder make the calls of %s', (measure) => {
  const principal = {
    account: MEMBER,
    kind: 'user' as const,
    name: 'ci-deploy',
    arn: user,
    uniqueId: 'AIDA',
    lockId: 'x',
    ownerSubjects: [],
  };
  const { calls } = measureCallFor({ measure, target: 'x' }, { principal, incidentId: 'INC-20261122-ABCDEFGH' });
  // The IAM prefix of Identity Center is not the name of its SDK client.
  const actions = calls
    .map(({ api }) => api.replace('sso-admin:', 'sso:'))
    .filter((api) => measure !== 'deleteRootCredentials' || !BY_ROOT.includes(api));
  const allowed = [policyOf(spoke, 'ResponderBoundary'), policyOf(hub, 'ResponderBoundary')].flatMap(({ statements }) =>
    statements.flatMap(({ effect, actions: some = [] }) => (effect === 'Allow' ? some : [])),
  );

  expect(actions.filter((action) => !allowed.includes(action))).toEqual([]);
  expect(actions.length).toBeGreaterThan(0);
});
