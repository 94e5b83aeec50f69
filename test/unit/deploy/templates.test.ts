import { describe, expect, it } from 'vitest';
import { SCP_QUOTA } from '../../../src/contracts/quarantine-scp.js';
import { changeContent } from '../../../src/domain/planning/scp-content.js';
import { contextOf } from '../../../src/range/policy/context.js';
import { parsePolicy } from '../../../src/range/policy/document.js';
import { policyMatches } from '../../../src/range/policy/evaluate.js';
import { decide, deployed, EXTERNAL_ID, HUB, MANAGEMENT, MEMBER, ORGANIZATION, scpOf } from './template.js';

/** Characters without white space of a managed policy (IAM quotas). */
const MANAGED_POLICY_QUOTA = 6144;

const spoke = deployed('spoke');
const hub = deployed('hub');
const organization = deployed('organization');
const iam = (path: string, account = MEMBER): string => `arn:aws:iam::${account}:${path}`;
const user = iam('user/automation/ci-deploy');

describe('the templates', () => {
  it('hold policies within their quotas', () => {
    const managed = [...spoke.policies, ...hub.policies].map(({ document }) => JSON.stringify(document).length);
    const scps = organization.scps.map(({ document }) => JSON.stringify(document).length);

    expect(managed.filter((length) => length > MANAGED_POLICY_QUOTA)).toEqual([]);
    expect(scps.filter((length) => length > SCP_QUOTA)).toEqual([]);
    expect([managed.length, scps.length]).toEqual([7, 3]);
  });

  it('bound every role by the one policy that it has, for an hour at most', () => {
    const roles = [...spoke.roles.map((role) => ({ ...role, account: MEMBER })), ...hub.roles.map((role) => ({ ...role, account: HUB }))];
    const bounds = roles.map(({ name, account }) => iam(`policy/ir/${name}Boundary`, account));

    expect(roles.map(({ name, path }) => `${path}${name}`)).toEqual([
      '/ir/Reader',
      '/ir/Responder',
      '/ir/Restorer',
      '/ir/Orchestrator',
      '/ir/Reader',
      '/ir/Responder',
    ]);
    expect(roles.map(({ boundary }) => boundary)).toEqual(bounds);
    expect(roles.map(({ attached, inline }) => [attached, inline])).toEqual(bounds.map((bound) => [[bound], {}]));
    expect(roles.map(({ maxSessionSeconds }) => maxSessionSeconds)).toEqual(roles.map(() => 3600));
  });

  it('put the quarantine policy on the deny group', () => {
    expect(spoke.groups).toMatchObject([{ name: 'IRQuarantine', path: '/ir/', attached: [iam('policy/ir/IRQuarantine')] }]);
  });

  it('attach the three SCPs to the root', () => {
    expect(organization.scps.map(({ name, targets }) => [name, targets])).toEqual([
      ['TourniquetGuard', ['r-acme']],
      ['TourniquetQuarantine1', ['r-acme']],
      ['TourniquetQuarantine2', ['r-acme']],
    ]);
  });

  it.each(['QuarantinePolicy1', 'QuarantinePolicy2'])('leave nobody in %s, which takes an entry as it is', (id) => {
    const content = JSON.stringify(organization.scps.find(({ logicalId }) => logicalId === id)?.document);
    const entry = { subject: { kind: 'principal' as const, arn: user }, incidentId: 'INC-20261122-ABCDEFGH' };

    const after = changeContent(content, [{ do: 'add', entry }]);

    expect(decide(scpOf(organization, id), ['s3:ListAllMyBuckets', '*', { 'aws:PrincipalArn': user }])).not.toBe('explicitDeny');
    expect(after).toMatchObject({ outcomes: [{ result: 'changed' }], unknown: ['IRNobody'] });
    expect(decide(parsePolicy(after.content ?? ''), ['s3:ListAllMyBuckets', '*', { 'aws:PrincipalArn': user }])).toBe('explicitDeny');
  });
});

describe('the trust of', () => {
  const withoutIdentity = { 'sts:ExternalId': EXTERNAL_ID, 'aws:PrincipalOrgID': ORGANIZATION };
  const asked = { ...withoutIdentity, 'sts:SourceIdentity': 'INC-20261122-ABCDEFGH' };
  const roles = [...spoke.roles, ...hub.roles.filter(({ name }) => name !== 'Orchestrator')];

  it.each(roles)('$name asks for the orchestrator, the organization, the external id and an incident', ({ trust: given }) => {
    const trust = parsePolicy(JSON.stringify(given), 'trust');
    const lets = (keys: Record<string, string>): boolean =>
      policyMatches(trust, 'Allow', { action: 'sts:AssumeRole', resource: '*', context: contextOf(keys) });

    expect(lets(asked)).toBe(true);
    expect(lets({ ...asked, 'sts:SourceIdentity': 'TQ-intake' })).toBe(true);
    expect(lets(withoutIdentity)).toBe(false);
    expect(lets({ ...asked, 'sts:SourceIdentity': 'alice' })).toBe(false);
    expect(lets({ ...asked, 'sts:ExternalId': 'other' })).toBe(false);
    expect(lets({ ...asked, 'aws:PrincipalOrgID': 'o-other12345' })).toBe(false);
    expect(trust.statements.map(({ principals }) => principals)).toEqual([[iam('role/ir/Orchestrator', HUB)]]);
  });
});

describe('the delegation', () => {
  const text = JSON.stringify(organization.resourcePolicies['ResourcePolicy']);
  const document = parsePolicy(text, 'trust');
  const lets = (action: string, { on, roleName }: { on: string; roleName: string }): boolean =>
    policyMatches(document, 'Allow', { action, resource: on, context: contextOf({ 'aws:PrincipalArn': iam(`role/ir/${roleName}`, HUB) }) });
  const scp = (id: string): string => `arn:aws:organizations::${MANAGEMENT}:policy/${ORGANIZATION}/service_control_policy/${id}`;

  it("lets the hub's two roles read, and its Responder write the two quarantine policies", () => {
    expect(['Reader', 'Responder', 'Orchestrator'].map((roleName) => lets('organizations:DescribePolicy', { on: '*', roleName }))).toEqual([
      true,
      true,
      false,
    ]);
    expect(lets('organizations:UpdatePolicy', { on: scp('p-tqquar01'), roleName: 'Responder' })).toBe(true);
    expect(lets('organizations:UpdatePolicy', { on: scp('p-tqquar01'), roleName: 'Reader' })).toBe(false);
    expect(lets('organizations:UpdatePolicy', { on: scp('p-tqguard1'), roleName: 'Responder' })).toBe(false);
    expect(lets('organizations:AttachPolicy', { on: '*', roleName: 'Responder' })).toBe(false);
  });

  it('has no NotAction and no NotResource, which Organizations refuses since 2026-06-30', () => {
    expect(text).not.toMatch(/NotAction|NotResource/);
  });
});
