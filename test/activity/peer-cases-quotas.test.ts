import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreatePolicyVersionCommand,
  PutRolePermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsCredentials } from '../../src/adapters/aws/clients.js';
import { measureCallFor } from '../../src/domain/planning/measure-calls.js';
import { planHash } from '../../src/domain/planning/plan-principal.js';
import { failureOf, run } from '../fixtures/activities.js';
import { forReal, measuresOf } from '../fixtures/for-real.js';
import { fillAttached, fillInline } from '../fixtures/full-quotas.js';
import { allowing } from '../fixtures/iam-things.js';
import { callWith, signedWrite, writesOf } from '../fixtures/organization-acts.js';
import { adminOf, aKeyedUser, fromAlert } from '../fixtures/organization-principals.js';
import { anOrganizationRig, type OrganizationRig } from '../fixtures/organization-rig.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
/** What an EC2 call comes to under a deny. */
const DENIED = 'UnauthorizedOperation';

let rig: OrganizationRig;
beforeAll(async () => {
  rig = await anOrganizationRig();
});
afterAll(() => rig.close());

describe('full quotas', () => {
  it('with 10 attached policies the managed layer is left out, and the others deny for real', async () => {
    const key = await aKeyedUser(rig, 'ten-policies', { attached: [] });
    await fillAttached(adminOf(rig).iam, 'ten-policies');
    const containment = await fromAlert(rig, { hints: { accessKeyId: key.accessKeyId } });

    expect(measuresOf(containment)).not.toContain('attachQuarantinePolicy');
    expect(containment.plan.doesNotStop.join()).toContain('managed layer left out: the user has 10 of 10');
    for (const measure of ['denyUser', 'putBoundary', 'quarantineByScp'] as const)
      expect(await forReal(rig, containment, { keys: [key], only: [measure] })).toEqual([['allowed'], [DENIED], ['allowed']]);
  });

  it('with no room inline the inline layer is left out, and the others deny for real', async () => {
    const key = await aKeyedUser(rig, 'long-inline');
    await fillInline(adminOf(rig).iam, 'long-inline');
    const containment = await fromAlert(rig, { hints: { accessKeyId: key.accessKeyId } });

    expect(measuresOf(containment)).not.toContain('denyUser');
    expect(containment.plan.doesNotStop.join()).toContain('inline layer left out');
    expect(await forReal(rig, containment, { keys: [key], only: ['attachQuarantinePolicy'] })).toEqual([
      ['allowed'],
      [DENIED],
      ['allowed'],
    ]);
  });

  it('with both full the user joins the deny group and its own policy gets a denying version: each denies for real', async () => {
    const key = await aKeyedUser(rig, 'no-room', { attached: [] });
    await fillAttached(adminOf(rig).iam, 'no-room');
    await fillInline(adminOf(rig).iam, 'no-room');
    const containment = await fromAlert(rig, { hints: { accessKeyId: key.accessKeyId } });

    expect(measuresOf(containment)).toEqual(['quarantineByScp', 'putBoundary', 'joinDenyGroup', 'setDenyVersion', 'deactivateAccessKey']);
    for (const measure of ['joinDenyGroup', 'setDenyVersion'] as const)
      expect(await forReal(rig, containment, { keys: [key], only: [measure] })).toEqual([['allowed'], [DENIED], ['allowed']]);
  });
});

describe('a denying version of the user’s own policy (the second containment command of S003)', () => {
  /** A user without room for other denies, and the first five of its policies, which are looked at. */
  async function cornered(name: string): Promise<{ key: AwsCredentials; arns: string[] }> {
    const key = await aKeyedUser(rig, name, { attached: [] });
    const arns = await fillAttached(adminOf(rig).iam, name);
    await fillInline(adminOf(rig).iam, name);
    return { key, arns: arns.slice(0, 5) };
  }

  const spoils: [string, (PolicyArn: string) => Promise<unknown>, string][] = [
    [
      'is attached to another user',
      (PolicyArn) => adminOf(rig).iam.send(new AttachUserPolicyCommand({ UserName: 'dana', PolicyArn })),
      'is attached to user/dana too',
    ],
    [
      'is attached to a role',
      (PolicyArn) => adminOf(rig).iam.send(new AttachRolePolicyCommand({ RoleName: 'build-agent', PolicyArn })),
      'is attached to role/build-agent too',
    ],
    [
      'is attached to a group',
      (PolicyArn) => adminOf(rig).iam.send(new AttachGroupPolicyCommand({ GroupName: 'engineers', PolicyArn })),
      'is attached to group/engineers too',
    ],
    [
      'is the boundary of a role',
      (PermissionsBoundary) =>
        adminOf(rig).iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'release-notes', PermissionsBoundary })),
      'is the permissions boundary of role/release-notes',
    ],
    [
      'has 5 versions',
      async (PolicyArn) => {
        for (let count = 1; count < 5; count += 1)
          await adminOf(rig).iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allowing('ec2:Describe*') }));
      },
      'has 5 of 5 versions',
    ],
  ];

  it('is left out with the reason for each policy that is in force for others or has no room for a version', async () => {
    const { key, arns } = await cornered('spoilt');
    for (const [index, [, spoil]] of spoils.entries()) await spoil(arns[index] ?? '');

    const { plan } = await fromAlert(rig, { hints: { accessKeyId: key.accessKeyId } });

    expect(plan.measures.map(({ measure }) => measure)).toEqual(['quarantineByScp', 'putBoundary', 'joinDenyGroup', 'deactivateAccessKey']);
    for (const [index, [, , reason]] of spoils.entries())
      expect(plan.doesNotStop.join('; ')).toContain(`denying version left out: ${arns[index]} ${reason}`);
  });

  it.each(spoils)('is refused at the last moment when the policy %s since the plan: 0 writes', async (what, spoil, reason) => {
    const name = `late-${what.replaceAll(/[^a-z0-9]/g, '-')}`;
    const { key } = await cornered(name);
    const containment = await fromAlert(rig, { hints: { accessKeyId: key.accessKeyId } });
    const call = containment.plan.measures.find(({ measure }) => measure === 'setDenyVersion');
    await spoil(call?.target ?? '');
    const before = writesOf(rig).length;

    const refused = await failureOf(run(rig.activities.respond.setDenyVersion, await signedWrite(containment, 'setDenyVersion')));

    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(refused.message).toContain(`${call?.target} ${reason}`);
    expect(writesOf(rig)).toHaveLength(before);
    expect(await callWith(rig, key)).toBe('allowed');
  });

  it('is never made of a policy of AWS’s own, although people signed a plan that says so', async () => {
    const { key } = await cornered('aws-managed');
    const { alert, principal, plan } = await fromAlert(rig, { hints: { accessKeyId: key.accessKeyId } });
    const call = measureCallFor({ measure: 'setDenyVersion', target: READ_ONLY }, { principal, incidentId: INCIDENT_ID });
    const measures = [call];
    const forged = { ...plan, measures, planSha256: planHash({ ...plan, measures }) };
    const before = writesOf(rig).length;

    const input = await signedWrite({ rig, alert, principal, plan: forged }, 'setDenyVersion');
    const refused = await failureOf(run(rig.activities.respond.setDenyVersion, input));

    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(refused.message).toContain(`${READ_ONLY} is AWS's own`);
    expect(writesOf(rig)).toHaveLength(before);
  });
});
