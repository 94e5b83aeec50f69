import { PutUserPolicyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { DeleteAccountAssignmentCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { describe, expect, it } from 'vitest';
import { adminOf, attack, survivors, switchLeakedKeyOff } from './actors-fixtures.js';
import { assumed, MANAGEMENT } from './organization-fixtures.js';
import { policyText } from './clients.js';

const DENY = policyText('Deny', '*');

describe('what the attacker could do', () => {
  it('counts a key that is denied everything but may move into a role with rights, until that role is out of its reach', async () => {
    const { range } = await attack({ theft: 'roleSession' }, 3, ['opportunist']);
    const contractor = (): unknown => range.attackerAccess().find(({ principalArn }) => principalArn.endsWith('/contractor'));
    const before = contractor();
    await adminOf(range).iam.send(new PutUserPolicyCommand({ UserName: 'contractor', PolicyName: 'stop', PolicyDocument: DENY }));
    await range.stop();

    expect(before).toMatchObject({ alive: true, why: expect.stringMatching(/^moves into ops-admin: allowed: ec2:RunInstances/) });
    expect(contractor()).toMatchObject({ alive: false });
  });

  it('does not count what the workload itself made from its own address with the same key', async () => {
    const { range } = await attack({}, 30, ['benign']);
    await range.stop();

    const sessions = range.ledger().filter(({ actor, api, allowed }) => actor === 'benign' && api === 'sts:AssumeRole' && allowed);
    expect(sessions.length).toBeGreaterThan(0);
    expect(range.attackerAccess().map(({ kind }) => kind)).toEqual(['key']);
  });

  it('counts what the insider made with the same key from the same address, and that alone', async () => {
    const { range } = await attack({ attacker: 'insider' }, 30);
    await range.stop();

    const principals = range.attackerAccess().map(({ principalArn }) => principalArn);
    expect(principals.some((arn) => arn.includes('user/notyet-'))).toBe(true);
    expect(principals.some((arn) => arn.includes('deploy-target'))).toBe(false);
  });

  it('includes sessions made with a session, after the key they began with is off', async () => {
    const { range } = await attack({}, 3, ['opportunist']);
    const token = range.attackerAccess().find(({ kind }) => kind === 'session');
    await assumed(range, range.identities.leaked, { RoleArn: 'arn:aws:iam::111122223333:role/ops-admin' });
    await switchLeakedKeyOff(range);
    await range.stop();

    expect(token?.alive).toBe(true);
    expect(survivors(range)).toContain('session assumed-role/ops-admin/ir-test');
    expect(survivors(range)).not.toContain('key user/automation/ci-deploy');
  });

  it("counts a person's stolen portal session as long as her assignment is there", async () => {
    const { range, clock } = await attack({ scenario: 'organization', theft: 'permissionSetRole' }, 3, ['opportunist']);
    const before = survivors(range);
    const admin = range.accountKeys[MANAGEMENT]?.['org-admin'];
    if (admin === undefined) throw new Error('nobody administers the organization');
    const { requestHandler } = range;
    const sso = new SSOAdminClient({ region: 'us-east-1', credentials: admin, endpoint: 'http://range.invalid', requestHandler });
    await sso.send(
      new DeleteAccountAssignmentCommand({
        InstanceArn: 'arn:aws:sso:::instance/ssoins-7223a1c0ffee0001',
        TargetId: '111122223333',
        TargetType: 'AWS_ACCOUNT',
        PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-7223a1c0ffee0001/ps-0000000000000002',
        PrincipalType: 'USER',
        PrincipalId: '90671c1f2a-6f2d7d1e-0b1c-4c55-9f43-2b6f0e4f8a03',
      }),
    );
    await clock.advance(60_000);
    await range.stop();

    expect(before.filter((one) => one.startsWith('portal'))).toHaveLength(1);
    expect(survivors(range).filter((one) => one.startsWith('portal'))).toEqual([]);
  });

  it('does not take a key for alive that authenticates and may do nothing', async () => {
    const { range } = await attack({}, 3, ['opportunist']);
    const { iam } = adminOf(range);
    await iam.send(new PutUserPolicyCommand({ UserName: 'ci-deploy', PolicyName: 'stop', PolicyDocument: DENY }));
    const { accessKeyId: AccessKeyId } = range.identities.leaked;
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'ci-deploy', AccessKeyId, Status: 'Active' }));
    await range.stop();

    expect(survivors(range)).toEqual([]);
    expect(range.attackerAccess()[0]?.why).toBe('authenticates, but every wanted call is denied');
  });
});
