import { describe, expect, it } from 'vitest';
import { decide, deployed, MEMBER, scpOf } from './template.js';

const guard = scpOf(deployed('organization'), 'GuardPolicy');
const iam = (path: string): string => `arn:aws:iam::${MEMBER}:${path}`;
const INTRUDER = iam('user/automation/ci-deploy');
const QUARANTINE = { 'iam:PolicyARN': iam('policy/ir/IRQuarantine') };
const DENY_ALL = { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/AWSDenyAll' };

/** Everything an intruder with administrator rights tries against what incident response put there. */
const REFUSED: [string, string, Record<string, string>?][] = [
  ['iam:DetachUserPolicy', INTRUDER, QUARANTINE],
  ['iam:DetachRolePolicy', iam('role/deploy-target'), QUARANTINE],
  ['iam:DetachGroupPolicy', iam('group/ir/IRQuarantine'), QUARANTINE],
  ['iam:DeleteUserPermissionsBoundary', INTRUDER, DENY_ALL],
  ['iam:DeleteRolePermissionsBoundary', iam('role/deploy-target'), DENY_ALL],
  ['iam:CreatePolicyVersion', iam('policy/ir/IRQuarantine')],
  ['iam:SetDefaultPolicyVersion', iam('policy/ir/IRQuarantine')],
  ['iam:DeletePolicyVersion', iam('policy/ir/IRQuarantine')],
  ['iam:DeletePolicy', iam('policy/ir/ResponderBoundary')],
  ['iam:TagPolicy', iam('policy/ir/IRQuarantine')],
  ['iam:UntagPolicy', iam('policy/ir/IRQuarantine')],
  ['iam:CreatePolicy', iam('policy/ir/Other')],
  ['iam:UpdateAssumeRolePolicy', iam('role/ir/Responder')],
  ['iam:AttachRolePolicy', iam('role/ir/Responder')],
  ['iam:DetachRolePolicy', iam('role/ir/Responder')],
  ['iam:PutRolePolicy', iam('role/ir/Responder')],
  ['iam:DeleteRolePermissionsBoundary', iam('role/ir/Responder')],
  ['iam:PutRolePermissionsBoundary', iam('role/ir/Responder')],
  ['iam:TagRole', iam('role/ir/Responder')],
  ['iam:DeleteRole', iam('role/ir/Responder')],
  ['iam:UpdateRole', iam('role/ir/Responder')],
  ['iam:CreateRole', iam('role/ir/Mine')],
  ['iam:PassRole', iam('role/ir/Responder')],
  ['iam:CreateRole', iam('role/stacksets-exec-mine')],
  ['iam:RemoveUserFromGroup', iam('group/ir/IRQuarantine')],
  ['iam:AddUserToGroup', iam('group/ir/IRQuarantine')],
  ['iam:DeleteGroup', iam('group/ir/IRQuarantine')],
  ['iam:PutGroupPolicy', iam('group/ir/IRQuarantine')],
  ['iam:UpdateGroup', iam('group/ir/IRQuarantine')],
  ['organizations:LeaveOrganization', '*'],
];

/** What everybody goes on doing. */
const LET_THROUGH: [string, string, Record<string, string>?][] = [
  ['iam:DetachUserPolicy', INTRUDER, { 'iam:PolicyARN': iam('policy/build/DeployPipeline') }],
  ['iam:DeleteUserPermissionsBoundary', INTRUDER, { 'iam:PermissionsBoundary': iam('policy/build/Ceiling') }],
  ['iam:RemoveUserFromGroup', iam('group/engineers')],
  ['iam:CreateRole', iam('role/build/new-one')],
  ['iam:CreatePolicyVersion', iam('policy/build/DeployPipeline')],
  ['iam:GetRole', iam('role/ir/Responder')],
  ['sts:AssumeRole', iam('role/ir/Responder')],
  ['ec2:RunInstances', '*'],
];

const by = (arn: string, keys: Record<string, string> = {}): Record<string, string> => ({ 'aws:PrincipalArn': arn, ...keys });

describe('the SCP guard', () => {
  it.each(REFUSED)('refuses %s on %s to a user, a role and root, and lets incident response', (action, resource, keys) => {
    const others = [INTRUDER, iam('role/admin'), iam('root')];

    expect(others.map((arn) => decide(guard, [action, resource, by(arn, keys)]))).toEqual(others.map(() => 'explicitDeny'));
    if (action !== 'organizations:LeaveOrganization')
      expect(decide(guard, [action, resource, by(iam('role/ir/Responder'), keys)])).not.toBe('explicitDeny');
  });

  it.each(LET_THROUGH)('has nothing against %s on %s', (action, resource, keys) => {
    expect(decide(guard, [action, resource, by(INTRUDER, keys)])).not.toBe('explicitDeny');
  });

  it('lets the deployer make and change our roles, but not take the quarantine off', () => {
    const deployer = iam('role/stacksets-exec-0123456789abcdef');

    expect(decide(guard, ['iam:CreateRole', iam('role/ir/Reader'), by(deployer)])).not.toBe('explicitDeny');
    expect(decide(guard, ['iam:DetachUserPolicy', INTRUDER, by(deployer, QUARANTINE)])).toBe('explicitDeny');
  });

  it('cannot tell that AWSDenyAll is replaced by another boundary', () => {
    const other = { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/AdministratorAccess' };

    expect(decide(guard, ['iam:PutUserPermissionsBoundary', INTRUDER, by(INTRUDER, other)])).not.toBe('explicitDeny');
  });
});
