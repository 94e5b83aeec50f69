import { describe, expect, it } from 'vitest';
import { sessionPolicyFor } from '../../../src/adapters/aws/session-policy.js';
import type { AccessScope, AwsRole } from '../../../src/ports/aws-access.js';
import { contextOf } from '../../../src/range/policy/context.js';
import { parsePolicy } from '../../../src/range/policy/document.js';
import { evaluate } from '../../../src/range/policy/evaluate.js';

const ACCOUNT = '111122223333';
const iam = (path: string): string => `arn:aws:iam::${ACCOUNT}:${path}`;
const USER = iam('user/automation/ci-deploy');
const ROLE = iam('role/deploy-target');
const FUNCTION = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:nightly`;
const INSTANCE = `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-0123456789abcdef0`;

const scope = (role: AwsRole, arn?: string): AccessScope => ({ account: ACCOUNT, role, ...(arn === undefined ? {} : { target: { arn } }) });

function lets(one: AccessScope, [action, resource, keys = {}]: readonly [string, string, Record<string, string>?]): boolean {
  const document = parsePolicy(sessionPolicyFor(one) ?? '');
  const identity = [{ id: 'session', type: 'user-managed' as const, document }];
  return evaluate({ identity }, { action, resource, context: contextOf(keys) }).decision === 'allowed';
}

const CASES: {
  scope: AccessScope;
  may: [string, string, Record<string, string>?][];
  mayNot: [string, string, Record<string, string>?][];
}[] = [
  {
    scope: scope('Responder', USER),
    may: [
      ['iam:PutUserPolicy', USER],
      ['iam:UpdateAccessKey', USER],
      ['iam:AddUserToGroup', iam('group/ir/IRQuarantine')],
      ['iam:CreatePolicyVersion', iam('policy/build/DeployPipeline')],
      ['iam:ListAccessKeys', iam('user/dana')],
      ['iam:SimulatePrincipalPolicy', USER],
      ['ec2:DescribeInstances', '*'],
    ],
    mayNot: [
      ['iam:PutUserPolicy', iam('user/dana')],
      ['iam:PutRolePolicy', ROLE],
      ['iam:AddUserToGroup', iam('group/admins')],
      ['iam:PassRole', ROLE],
      ['lambda:PutFunctionConcurrency', FUNCTION],
      ['ec2:StopInstances', INSTANCE],
      ['organizations:UpdatePolicy', '*'],
    ],
  },
  {
    scope: scope('Responder', ROLE),
    may: [
      ['iam:UpdateAssumeRolePolicy', ROLE],
      ['iam:PassRole', ROLE],
      ['lambda:PutFunctionConcurrency', FUNCTION],
      ['ec2:DisassociateIamInstanceProfile', INSTANCE],
    ],
    mayNot: [
      ['iam:UpdateAssumeRolePolicy', iam('role/other')],
      ['iam:PassRole', iam('role/other')],
      ['iam:PutUserPolicy', USER],
      ['lambda:PutFunctionConcurrency', FUNCTION.replace(ACCOUNT, '999988887777')],
    ],
  },
  {
    scope: scope('Responder', iam('policy/build/DeployPipeline')),
    may: [['iam:CreatePolicyVersion', iam('policy/build/DeployPipeline')]],
    mayNot: [
      ['iam:CreatePolicyVersion', iam('policy/other')],
      ['iam:PutUserPolicy', USER],
    ],
  },
  {
    scope: scope('Responder', FUNCTION),
    may: [['lambda:PutFunctionConcurrency', FUNCTION]],
    mayNot: [['lambda:PutFunctionConcurrency', `${FUNCTION}2`]],
  },
  {
    scope: scope('Responder', iam('root')),
    may: [['sts:AssumeRoot', iam('root')]],
    mayNot: [['sts:AssumeRoot', 'arn:aws:iam::333344445555:root']],
  },
  {
    scope: scope('Responder'),
    may: [
      ['iam:GetUser', USER],
      ['organizations:UpdatePolicy', 'arn:aws:organizations::444455556666:policy/o-acme123456/service_control_policy/p-tqquar01'],
    ],
    mayNot: [
      ['iam:PutUserPolicy', USER],
      ['iam:UpdateAccessKey', USER],
      ['ec2:StopInstances', INSTANCE],
    ],
  },
  {
    scope: scope('Restorer', USER),
    may: [
      ['iam:DeleteUser', USER],
      ['iam:CreateAccessKey', USER],
      ['iam:RemoveUserFromGroup', iam('group/engineers')],
      ['iam:DeleteVirtualMFADevice', iam('mfa/theirs')],
      ['secretsmanager:PutSecretValue', `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:tourniquet/ci-deploy-AbCdEf`],
    ],
    mayNot: [
      ['iam:CreateAccessKey', iam('user/dana')],
      ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:payments-AbCdEf`],
    ],
  },
  {
    scope: scope('Restorer', iam('policy/svc-sync')),
    may: [
      ['iam:DeletePolicy', iam('policy/svc-sync')],
      ['iam:DetachUserPolicy', iam('user/dana'), { 'iam:PolicyARN': iam('policy/svc-sync') }],
    ],
    mayNot: [['iam:DetachUserPolicy', iam('user/dana'), { 'iam:PolicyARN': iam('policy/ir/IRQuarantine') }]],
  },
  { scope: scope('Restorer', INSTANCE), may: [['ec2:TerminateInstances', INSTANCE]], mayNot: [['ec2:TerminateInstances', `${INSTANCE}1`]] },
  { scope: scope('Restorer'), may: [['iam:GetUser', USER]], mayNot: [['iam:DeleteUser', USER]] },
];

describe.each(CASES)('the session of $scope.role on $scope.target.arn', ({ scope: one, may, mayNot }) => {
  it.each(may)('may call %s on %s', (action, resource, keys = {}) => {
    expect(lets(one, [action, resource, keys])).toBe(true);
  });

  it.each(mayNot)('may not call %s on %s', (action, resource, keys = {}) => {
    expect(lets(one, [action, resource, keys])).toBe(false);
  });
});

it('narrows no Reader, who writes nothing', () => {
  expect(sessionPolicyFor(scope('Reader', USER))).toBeUndefined();
});

it("takes the wildcards in an intruder's path as characters", () => {
  expect(sessionPolicyFor(scope('Responder', iam('user/*/ci-?$')))).toContain(`"${iam('user/${*}/ci-${?}${$}')}"`);
});

it('stays within 2,048 characters for the longest name and path, and is never widened to do so', () => {
  const longest = iam(`user/${'p'.repeat(510)}/${'n'.repeat(64)}`);

  expect(sessionPolicyFor(scope('Responder', longest))?.length).toBeLessThanOrEqual(2048);
  expect(sessionPolicyFor(scope('Restorer', longest))?.length).toBeLessThanOrEqual(2048);
  expect(() => sessionPolicyFor(scope('Responder', iam(`user/${'*'.repeat(510)}/x`)))).toThrow(
    expect.objectContaining({ type: 'QuotaExceeded' }),
  );
});

it.each(['*', 'ci-deploy', 'arn:aws:s3:::bucket', 'arn:*:iam::111122223333:user/x', 'arn:aws:iam::*:user/x', iam('group/admins')])(
  'refuses %s as a target',
  (arn) => {
    expect(() => sessionPolicyFor(scope('Responder', arn))).toThrow(expect.objectContaining({ type: 'InvalidPayload' }));
  },
);
