import { describe, expect, it } from 'vitest';
import { startRange, createVirtualClock } from '../../../src/range/index.js';
import { applyTemplates } from '../../../src/range/scenario/apply-templates.js';
import { readTemplate } from '../../../src/range/scenario/cloudformation.js';
import { loadScenario } from '../../../src/range/scenario/load.js';
import { DATA, HUB, MAIN } from './organization-fixtures.js';

const TEMPLATE = `
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Hub: { Type: String }
  Days: { Type: Number, Default: 7 }
Resources:
  Quarantine:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: !Sub 'Quarantine-\${Days}'
      Path: /ir/
      PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Deny, Action: '*', Resource: '*' }] }
  Group:
    Type: AWS::IAM::Group
    Properties: { GroupName: Denied, Path: /ir/, ManagedPolicyArns: [!Ref Quarantine] }
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: Reader
      Path: /ir/
      MaxSessionDuration: 1800
      PermissionsBoundary: !Ref Quarantine
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { AWS: !Join ['', ['arn:', !Ref AWS::Partition, ':iam::', !Ref Hub, ':root']] }
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: iam:Get*
                Resource:
                  - !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:user/\${!aws:username}'
                  - !GetAtt Group.Arn
                  - !Sub '\${Group.Arn}/x'
  Guard:
    Type: AWS::Organizations::Policy
    Properties: { Name: Guard, Type: SERVICE_CONTROL_POLICY, TargetIds: [r-ac01], Content: { Version: '2012-10-17', Statement: [] } }
  Delegation:
    Type: AWS::Organizations::ResourcePolicy
    Properties: { Content: { Version: '2012-10-17', Statement: [{ Effect: Allow, Resource: !Sub 'policy/\${Guard}' }] } }
`;

const deployment = { accountId: MAIN, parameters: { Hub: HUB }, policyIds: { Guard: 'p-guard0001' } };

describe('a template', () => {
  it('yields its roles, policies and groups with every reference resolved', () => {
    const { policies, groups, roles } = readTemplate(TEMPLATE, deployment);

    const quarantine = `arn:aws:iam::${MAIN}:policy/ir/Quarantine-7`;
    expect(policies).toMatchObject([{ name: 'Quarantine-7', path: '/ir/' }]);
    expect(groups).toMatchObject([{ name: 'Denied', path: '/ir/', attached: [quarantine], inline: {} }]);
    expect(roles).toMatchObject([
      {
        name: 'Reader',
        boundary: quarantine,
        maxSessionSeconds: 1800,
        trust: { Statement: [{ Principal: { AWS: `arn:aws:iam::${HUB}:root` } }] },
        inline: {
          own: {
            Statement: [
              {
                Resource: [
                  `arn:aws:iam::${MAIN}:user/\${aws:username}`,
                  `arn:aws:iam::${MAIN}:group/ir/Denied`,
                  `arn:aws:iam::${MAIN}:group/ir/Denied/x`,
                ],
              },
            ],
          },
        },
      },
    ]);
  });

  it('yields the policies of an organization, by the ids that Organizations gave them', () => {
    const { scps, resourcePolicies } = readTemplate(TEMPLATE, deployment);

    expect(scps).toMatchObject([{ logicalId: 'Guard', name: 'Guard', targets: ['r-ac01'] }]);
    expect(resourcePolicies).toMatchObject({ Delegation: { Statement: [{ Resource: 'policy/p-guard0001' }] } });
  });

  it.each([
    ['a parameter without a value', TEMPLATE, {}, 'needs the parameter Hub'],
    ['a reference to nothing', TEMPLATE.replace('!Ref Quarantine]', '!Ref Nothing]'), { Hub: HUB }, 'refers to Nothing'],
    ['an attribute that is not there', TEMPLATE.replace('!GetAtt Group.Arn', '!GetAtt Group.Size'), { Hub: HUB }, 'Group.Size'],
    ['another function', TEMPLATE.replace('!Ref Hub,', "{ 'Fn::ImportValue': hub },"), { Hub: HUB }, 'Fn::ImportValue'],
    ['a resource of another type', TEMPLATE.replace('AWS::IAM::Group', 'AWS::SQS::Queue'), { Hub: HUB }, 'AWS::SQS::Queue'],
    ['a property it does not read', TEMPLATE.replace('MaxSessionDuration: 1800', 'Tags: []'), { Hub: HUB }, 'Tags'],
  ])('is refused with %s', (...[, source, parameters, message]) => {
    expect(() => readTemplate(source, { accountId: MAIN, parameters })).toThrow(message);
  });
});

describe('the scenario organization', () => {
  it('has the roles of our own templates in the accounts they are deployed in, with trust and boundary', async () => {
    const range = await startRange({ scenario: 'organization', clock: createVirtualClock() });
    const rolesIn = (account: string) => range.iamState(account).roles.filter(({ path }) => path === '/ir/');

    expect(rolesIn(MAIN).map(({ name, boundary }) => [name, boundary])).toEqual(
      ['Reader', 'Responder', 'Restorer'].map((name) => [name, `arn:aws:iam::${MAIN}:policy/ir/${name}Boundary`]),
    );
    expect(rolesIn(DATA).map(({ name }) => name)).toEqual(['Reader', 'Responder', 'Restorer']);
    expect(rolesIn(HUB).map(({ name }) => name)).toEqual(['Orchestrator', 'Reader', 'Responder']);
    expect(rolesIn(MAIN)[0]?.trust).toContain(`arn:aws:iam::${HUB}:role/ir/Orchestrator`);
    expect(range.iamState(MAIN).groups.find(({ name }) => name === 'IRQuarantine')?.attached).toEqual([
      `arn:aws:iam::${MAIN}:policy/ir/IRQuarantine`,
    ]);
  });

  it('is refused when no template has a policy that it names, or one goes to an account that is not there', async () => {
    const scenario = await loadScenario('organization');
    const stray = { file: 'spoke', accounts: ['000000000000'], parameters: { Hub: HUB } };

    expect(() => applyTemplates({ ...scenario, templates: [] }, () => TEMPLATE)).toThrow('no template has the policy GuardPolicy');
    expect(() => applyTemplates({ ...scenario, templates: [stray] }, () => TEMPLATE)).toThrow('the unknown account 000000000000');
  });
});
