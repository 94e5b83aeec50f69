import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateUserCommand,
  ListEntitiesForPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EradicateInput, Proposal } from '../../src/contracts/eradication.js';
import type { Principal } from '../../src/contracts/principal.js';
import { listAt } from '../../src/domain/lineage/values.js';
import { valueAt } from '../../src/domain/json-value.js';
import { aRig, failureOf, type Rig } from '../fixtures/activities.js';
import { anEradication, aPlanOf, aProposal, remove, writesOfRestorer } from '../fixtures/eradication.js';
import { aFullUser, aHeldPolicy, aRole } from '../fixtures/iam-things.js';
import { CI_DEPLOY, clientsOf } from '../fixtures/range.js';
import { aKeyOf, keysOf, principalOf } from '../fixtures/restore.js';

let rig: Rig;
let principal: Principal;
beforeAll(async () => {
  rig = await aRig();
  principal = await principalOf(rig, `arn:aws:iam::111122223333:user/automation/${CI_DEPLOY}`);
});
afterAll(() => rig.close());

const admin = () => clientsOf(rig.range, 'admin').iam;

/** The removal of one thing, signed. */
async function removalOf(action: Proposal['action'], target: string, change: Partial<Proposal> = {}): Promise<EradicateInput> {
  const proposal = { ...(await aProposal(rig, action, target)), ...change };
  return anEradication(rig, { principal, plan: aPlanOf([proposal]) });
}

async function evidenceOf({ before }: { before?: Parameters<Rig['evidence']['get']>[0] | undefined }): Promise<unknown> {
  if (before === undefined) throw new Error('no copy was kept');
  return JSON.parse(new TextDecoder().decode(await rig.evidence.get(before)));
}

describe('a removal that is delivered 2 times', () => {
  it('deletes a user with one of everything once; the copy in the evidence store holds what it had', async () => {
    const arn = await aFullUser(admin(), 'svc-full');
    const input = await removalOf('deleteUser', arn);

    const first = await remove(rig, input);
    const writes = writesOfRestorer(rig);
    const second = await remove(rig, input);

    expect([first.outcome, second.outcome]).toEqual(['removed', 'alreadyGone']);
    expect(writesOfRestorer(rig)).toEqual(writes);
    expect(rig.range.iamState().users.some(({ name }) => name === 'svc-full')).toBe(false);
    const copy = await evidenceOf(first);
    expect(copy).toMatchObject({ arn, groups: ['engineers'], consolePassword: true, notRead: [] });
    expect(['keys', 'otherCredentials', 'inlinePolicies', 'attachedPolicyArns'].map((part) => listAt(copy, part).length)).toEqual([
      2, 3, 1, 1,
    ]);
  });

  it('deletes a role with its policies and its place in an instance profile once', async () => {
    const arn = await aRole(admin(), 'svc-role', 'arn:aws:iam::999988887777:root');
    await admin().send(new CreateInstanceProfileCommand({ InstanceProfileName: 'svc-profile' }));
    await admin().send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'svc-profile', RoleName: 'svc-role' }));
    const input = await removalOf('deleteRole', arn);

    const outcomes = [await remove(rig, input), await remove(rig, input)];

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['removed', 'alreadyGone']);
    expect(rig.range.iamState().roles.some(({ name }) => name === 'svc-role')).toBe(false);
    expect(valueAt(await evidenceOf(outcomes[0] ?? {}), 'trustPolicy')).toContain('999988887777');
  });

  it('deletes a policy with its versions from the user and the role that hold it once; both go on', async () => {
    const arn = await aHeldPolicy(admin(), 'svc-policy');
    const input = await removalOf('deletePolicy', arn);

    const outcomes = [await remove(rig, input), await remove(rig, input)];

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['removed', 'alreadyGone']);
    expect(JSON.stringify(rig.range.iamState())).not.toContain(arn);
    expect(rig.range.iamState().users.some(({ name }) => name === 'dana')).toBe(true);
    const copy = await evidenceOf(outcomes[0] ?? {});
    expect(copy).toMatchObject({ PolicyUsers: [{ UserName: 'dana' }], PolicyRoles: [{ RoleName: 'deploy-target' }] });
    expect(listAt(copy, 'versions')).toHaveLength(2);
  });

  it('deletes a key that the intruder made, active as it is, once', async () => {
    await admin().send(new CreateUserCommand({ UserName: 'helper', Path: '/people/' }));
    const { accessKeyId } = await aKeyOf(rig, 'helper');
    const owner = 'arn:aws:iam::111122223333:user/people/helper';
    const input = await removalOf('deleteAccessKey', accessKeyId, { owner });

    const outcomes = [await remove(rig, input), await remove(rig, input)];

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['removed', 'alreadyGone']);
    expect(await keysOf(rig.range, 'helper')).toEqual({});
    expect(await evidenceOf(outcomes[0] ?? {})).toMatchObject({ AccessKeyId: accessKeyId, UserName: 'helper' });
  });
});

describe('a removal that is killed', () => {
  it('ends with the user gone when it is killed after any call of deleteUser and delivered again', async () => {
    let calls = 0;
    for (let through = false; !through;) {
      calls += 1;
      const UserName = `svc-killed-${calls}`;
      const input = await removalOf('deleteUser', await aFullUser(admin(), UserName));
      rig.life.left = calls;
      through = await remove(rig, input).then(
        () => true,
        () => false,
      );
      rig.life.left = Infinity;
      const again = await remove(rig, input);

      expect(rig.range.iamState().users.some(({ name }) => name === UserName)).toBe(false);
      expect(['removed', 'alreadyGone']).toContain(again.outcome);
    }
    // The last round came through: one call more than there are in all.
    expect(calls).toBeGreaterThan(30);
  });

  it('finds its own work done when the answer of the last call was lost', async () => {
    const input = await removalOf('deleteUser', await aFullUser(admin(), 'svc-lost'));
    rig.range.faults.add({ id: 'lost', match: { api: 'iam:DeleteUser' }, times: 1, effect: { kind: 'loseAnswer' } });

    const lost = await failureOf(remove(rig, input));
    const again = await remove(rig, input);

    expect(lost).toMatchObject({ type: 'UpstreamUnavailable', retryable: true });
    expect(again.outcome).toBe('alreadyGone');
  });

  it('goes on where somebody else removed a part at the same moment', async () => {
    const input = await removalOf('deleteUser', await aFullUser(admin(), 'svc-race'));
    rig.range.faults.add({ id: 'twice', match: { api: 'iam:DeleteLoginProfile' }, times: 1, effect: { kind: 'loseAnswer' } });
    await failureOf(remove(rig, input));

    const again = await remove(rig, input);

    expect(again.outcome).toBe('removed');
  });

  it('waits, and removes nothing, when the thing cannot be copied whole', async () => {
    const input = await removalOf('deleteUser', await aFullUser(admin(), 'svc-uncopied'));
    const { accessKeyId } = rig.range.identities.restorer;
    // Once while the write is authorized, once while the copy is made.
    rig.range.faults.add({ id: 'slow', match: { api: 'iam:ListUserPolicies', accessKeyId }, times: 2, effect: { kind: 'throttle' } });
    const writes = writesOfRestorer(rig);

    const refused = await failureOf(remove(rig, input));

    expect(refused).toMatchObject({ type: 'UpstreamUnavailable', retryable: true });
    expect(refused.message).toContain('inline policies');
    expect(writesOfRestorer(rig)).toEqual(writes);
  });
});

describe('what hangs together', () => {
  it('keeps the compromised key of ci-deploy that is active, and deletes it when it is Inactive', async () => {
    const { accessKeyId } = rig.range.identities.leaked;
    const input = await removalOf('deleteAccessKey', accessKeyId, { owner: principal.arn, why: 'compromised' });

    const refused = await failureOf(remove(rig, input));
    await admin().send(new UpdateAccessKeyCommand({ UserName: CI_DEPLOY, AccessKeyId: accessKeyId, Status: 'Inactive' }));
    const removed = await remove(rig, input);

    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(refused.message).toContain('is active');
    expect(removed.outcome).toBe('removed');
  });

  it('removes what is left after the principal of the incident, which the intruder made, is gone', async () => {
    const arn = await aFullUser(admin(), 'svc-principal');
    const intruder = await principalOf(rig, arn);
    const role = await aRole(admin(), 'svc-second', 'arn:aws:iam::999988887777:root');
    const plan = aPlanOf([await aProposal(rig, 'deleteUser', arn), { ...(await aProposal(rig, 'deleteRole', role)), proposalId: 'E2' }]);
    const [user, second] = await Promise.all(plan.proposals.map((proposal) => anEradication(rig, { principal: intruder, plan, proposal })));
    if (user === undefined || second === undefined) throw new Error('two removals');

    const outcomes = [await remove(rig, user), await remove(rig, user), await remove(rig, second)];

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['removed', 'alreadyGone', 'removed']);
    const { PolicyRoles = [] } = await admin().send(
      new ListEntitiesForPolicyCommand({ PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
    );
    expect(PolicyRoles.map(({ RoleName }) => RoleName)).toEqual(['deploy-target']);
  });
});
