import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import {
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  ListAccessKeysCommand,
  ListUsersCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DetachPolicyCommand,
  MoveAccountCommand,
  UpdatePolicyCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, fromSts, organizationsFor, policyText, type TestCredentials } from './clients.js';
import { assumed, DATA, incidentRole, MAIN, MANAGEMENT } from './organization-fixtures.js';

const CI_DEPLOY = `arn:aws:iam::${MAIN}:user/automation/ci-deploy`;
const QUARANTINE = `arn:aws:iam::${MAIN}:policy/ir/IRQuarantine`;

let range: Range;
let clock: VirtualClock;
let organizations: OrganizationsClient;

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ scenario: 'organization', clock, propagationSeconds: { min: 3, max: 3 } });
  organizations = organizationsFor(range, range.accountKeys[MANAGEMENT]?.['org-admin']);
});

/** D6: everything denied to some principals (aws-domain 1.2). */
const denies = (...arns: string[]): string => policyText('Deny', '*', { Condition: { ArnEquals: { 'aws:PrincipalArn': arns } } });
const quarantine = (Content: string): Promise<unknown> => organizations.send(new UpdatePolicyCommand({ PolicyId: 'p-tqquar01', Content }));
const lists = (credentials: TestCredentials | undefined): Promise<string> =>
  credentials === undefined ? Promise.resolve('nobody') : errorOf(clientsFor(range, credentials).iam.send(new ListUsersCommand({})));

describe('a quarantine by SCP', () => {
  it('stops a user 3 s after it was written, in the words of AWS, and nobody else in any account', async () => {
    await quarantine(denies(CI_DEPLOY));
    const early = await lists(range.identities.leaked);
    await clock.advance(3000);
    const { iam } = clientsFor(range, range.identities.leaked);

    expect(early).toBe('no error');
    await expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${CI_DEPLOY} is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::${MAIN}:user/ with an explicit deny in a service control policy`,
    });
    expect(await lists(range.identities.admin)).toBe('no error');
    expect(await lists(range.accountKeys[DATA]?.['admin-piet'])).toBe('no error');
  });

  it('stops the sessions of the user and of a role, in another account too', async () => {
    const { sts } = clientsFor(range, range.identities.leaked);
    const session = clientsFor(range, fromSts((await sts.send(new GetSessionTokenCommand({}))).Credentials));
    const trails = (): Promise<string> => errorOf(session.cloudtrail.send(new DescribeTrailsCommand({})));
    const early = await trails();
    const role = await assumed(range, range.identities.leaked, { RoleArn: `arn:aws:iam::${MAIN}:role/deploy-target` });
    await quarantine(denies(CI_DEPLOY, `arn:aws:iam::${MAIN}:role/deploy-target`));
    await clock.advance(3000);
    const cross = assumed(range, role, { RoleArn: `arn:aws:iam::${DATA}:role/cross-deploy` });

    expect(early).toBe('no error');
    expect(await trails()).toBe('AccessDeniedException');
    expect(await lists(role)).toBe('AccessDenied');
    expect(await errorOf(cross)).toBe('AccessDenied');
  });

  it("binds a member's root, but not the management account", async () => {
    await quarantine(policyText('Deny', '*'));
    await clock.advance(3000);

    expect(await lists(range.rootKeys[DATA])).toBe('AccessDenied');
    expect(await lists(range.accountKeys[MANAGEMENT]?.['org-admin'])).toBe('no error');
  });

  it('does not bind a service-linked role', async () => {
    await quarantine(policyText('Deny', 'ec2:*'));
    const admin = clientsFor(range, range.identities.admin).iam;
    const simulated = async (name: string): Promise<unknown> => {
      const PolicySourceArn = `arn:aws:iam::${MAIN}:role/${name}`;
      const { EvaluationResults } = await admin.send(
        new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ['ec2:RunInstances'] }),
      );
      return EvaluationResults?.[0]?.OrganizationsDecisionDetail;
    };

    expect(await simulated('deploy-target')).toEqual({ AllowedByOrganizations: false });
    expect(await simulated('aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty')).toBeUndefined();
  });

  it('stops one person of Identity Center in every account, and leaves others with the same permission set alone (D5)', async () => {
    const from = { sourceIp: '203.0.113.66', userAgent: 'browser', permissionSet: 'Developer' };
    const session = (userName: string, accountId: string) =>
      clientsFor(range, range.handouts.accessPortal({ ...from, userName, accountId })).cloudtrail;
    const people = [session('mira', MAIN), session('mira', DATA), session('jonas', MAIN)];
    const Condition = { StringEquals: { 'identitystore:UserId': '90671c1f2a-6f2d7d1e-0b1c-4c55-9f43-2b6f0e4f8a01' } };
    await quarantine(policyText('Deny', '*', { Condition }));
    await clock.advance(3000);

    const results = await Promise.all(people.map((client) => errorOf(client.send(new DescribeTrailsCommand({})))));

    expect(results).toEqual(['AccessDeniedException', 'AccessDeniedException', 'no error']);
  });

  it('shows in the simulation of the user, where identity policies still allow', async () => {
    await quarantine(denies(CI_DEPLOY));
    const { iam } = clientsFor(range, await incidentRole(range, { account: MAIN, role: 'Reader' }));
    const simulate = async (PolicySourceArn: string) =>
      (await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ['iam:CreateUser'] }))).EvaluationResults?.[0];

    expect(await simulate(CI_DEPLOY)).toMatchObject({
      EvalDecision: 'explicitDeny',
      OrganizationsDecisionDetail: { AllowedByOrganizations: false },
    });
    expect(await simulate(`arn:aws:iam::${MAIN}:user/people/admin-olga`)).toMatchObject({
      EvalDecision: 'allowed',
      OrganizationsDecisionDetail: { AllowedByOrganizations: true },
    });
  });
});

describe('the levels', () => {
  it('must each allow: without FullAWSAccess on the unit only what another policy there allows is left', async () => {
    const { Policy } = await organizations.send(
      new CreatePolicyCommand({ Name: 'iam-only', Description: '', Type: 'SERVICE_CONTROL_POLICY', Content: policyText('Allow', 'iam:*') }),
    );
    const TargetId = 'ou-ac01-workload';
    await organizations.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }));
    await organizations.send(new DetachPolicyCommand({ PolicyId: 'p-FullAWSAccess', TargetId }));
    await clock.advance(3000);
    const { sts } = clientsFor(range, range.identities.leaked);

    expect(await lists(range.identities.admin)).toBe('no error');
    const role = assumed(range, range.identities.leaked, { RoleArn: `arn:aws:iam::${MAIN}:role/deploy-target` });
    await expect(role).rejects.toMatchObject({
      message: expect.stringContaining('because no service control policy allows the sts:AssumeRole action'),
    });
    expect(await errorOf(sts.send(new GetSessionTokenCommand({})))).toBe('no error');
  });

  it('follow an account to its new unit once that is enforced', async () => {
    const { Policy } = await organizations.send(
      new CreatePolicyCommand({ Name: 'frozen', Description: '', Type: 'SERVICE_CONTROL_POLICY', Content: policyText('Deny', '*') }),
    );
    await organizations.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId: 'ou-ac01-security' }));
    const move = { AccountId: DATA, SourceParentId: 'ou-ac01-workload', DestinationParentId: 'ou-ac01-security' };
    await organizations.send(new MoveAccountCommand(move));
    const early = await lists(range.accountKeys[DATA]?.['admin-piet']);
    await clock.advance(3000);

    expect(early).toBe('no error');
    expect(await lists(range.accountKeys[DATA]?.['admin-piet'])).toBe('AccessDenied');
    expect(await lists(range.identities.admin)).toBe('no error');
  });
});

describe('the guard', () => {
  it('keeps an administrator from taking the quarantine policy off, and lets incident response do it', async () => {
    const responder = clientsFor(range, await incidentRole(range, { account: MAIN, role: 'Responder' })).iam;
    const attacker = clientsFor(range, range.identities.leaked).iam;
    const target = { UserName: 'dana', PolicyArn: QUARANTINE };
    await responder.send(new AttachUserPolicyCommand(target));

    expect(await errorOf(attacker.send(new DetachUserPolicyCommand(target)))).toBe('AccessDenied');
    expect(await errorOf(clientsFor(range, range.identities.admin).iam.send(new DetachUserPolicyCommand(target)))).toBe('AccessDenied');
    expect(await errorOf(responder.send(new DetachUserPolicyCommand(target)))).toBe('no error');
    expect(await errorOf(attacker.send(new ListAccessKeysCommand({})))).toBe('no error');
  });
});
