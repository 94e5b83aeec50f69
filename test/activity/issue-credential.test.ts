import { DeleteAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../src/contracts/principal.js';
import { IssuedCredential, type IssueInput } from '../../src/contracts/recovery.js';
import { aRig, failureOf, type Rig, run } from '../fixtures/activities.js';
import { Killed } from '../fixtures/mortal.js';
import { clientsOf } from '../fixtures/range.js';
import { aContainedUser, aKeyOf, anIssue, currentSecret, keysOf, secretsSeen } from '../fixtures/restore.js';

/** Calls of a delivery that nothing disturbs, with a secret that is new. */
const CALLS = ['ListAccessKeys', 'CreateAccessKey', 'CreateSecret', 'GetCallerIdentity', 'ListSecretVersionIds'];
/** … and of one that follows on a kill: at most these. */
const CALLS_AFTER_KILL = 9;

let rig: Rig;
let users = 0;
beforeAll(async () => {
  rig = await aRig();
});
afterAll(() => rig.close());

interface Case {
  readonly principal: Principal;
  readonly oldKeyId: string;
  readonly input: IssueInput;
}

/** A user of its own, so that cases do not see one another's keys. */
async function aCase(): Promise<Case> {
  users += 1;
  const user = await aContainedUser(rig, `service-${users}`);
  return { ...user, input: await anIssue(rig, user.principal) };
}

/** One delivery that dies after so many calls; its failure, or undefined when it came through. */
async function killedAfter(calls: number, input: IssueInput): Promise<unknown> {
  rig.life.left = calls;
  try {
    await run(rig.activities.restore.issueCredential, input);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    rig.life.left = Infinity;
  }
}

/** One new key that works, its secret current in Secrets Manager, the old key off, and no secret anywhere else. */
async function expectExactlyOneNewKey({ principal, oldKeyId, input }: Case, issued: IssuedCredential, said: unknown[]): Promise<void> {
  const { key, versionId } = await currentSecret(rig.range, input.plan.secretName);
  const credentials = key;
  const sts = new STSClient({ region: 'us-east-1', endpoint: rig.range.endpoint, credentials, maxAttempts: 1 });

  expect(await keysOf(rig.range, principal.name)).toEqual({ [oldKeyId]: 'Inactive', [key.accessKeyId]: 'Active' });
  expect(issued).toMatchObject({ principalArn: principal.arn, accessKeyId: key.accessKeyId, secretVersionId: versionId });
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(principal.arn);
  const secrets = secretsSeen(rig);
  const told = [issued, ...said].map((what) => inspect(what, { depth: 20, showHidden: true })).join();
  expect(secrets).toContain(key.secretAccessKey);
  for (const secret of secrets) expect(told).not.toContain(secret);
}

describe('issueCredential', () => {
  it('makes 1 key, stores its secret and sees that it works; a second delivery finds it done', async () => {
    const one = await aCase();

    const first = await run(rig.activities.restore.issueCredential, one.input);
    const second = await run(rig.activities.restore.issueCredential, one.input);

    expect(IssuedCredential.parse(first)).toMatchObject({ orphansRemoved: [] });
    expect({ ...second, issuedAt: first.issuedAt }).toEqual(first);
    await expectExactlyOneNewKey(one, second, [first]);
  });

  it.each(CALLS.map((call, index) => ({ call, calls: index + 1 })))(
    'ends with exactly 1 new key when it is killed right after $call',
    async ({ calls }) => {
      const one = await aCase();

      const death = await killedAfter(calls, one.input);
      const issued = await run(rig.activities.restore.issueCredential, one.input);

      expect(death).toBeInstanceOf(Killed);
      expect(issued.orphansRemoved).toHaveLength(calls === 2 ? 1 : 0);
      await expectExactlyOneNewKey(one, issued, [death]);
    },
  );

  it.each(CALLS.map((call, index) => ({ call, calls: index + 1 })))(
    'ends with exactly 1 new key when it is killed after $call and again after any call of the next delivery',
    async ({ calls }) => {
      for (let again = 1; again <= CALLS_AFTER_KILL; again += 1) {
        const one = await aCase();

        const deaths = [await killedAfter(calls, one.input), await killedAfter(again, one.input)];
        const issued = await run(rig.activities.restore.issueCredential, one.input);

        expect(deaths[0]).toBeInstanceOf(Killed);
        await expectExactlyOneNewKey(one, issued, deaths);
      }
    },
  );

  it('stores the secret of a second incident step as the current version when the secret has one already', async () => {
    const one = await aCase();
    const first = await run(rig.activities.restore.issueCredential, one.input);
    const { iam } = clientsOf(rig.range, 'admin');
    await iam.send(new DeleteAccessKeyCommand({ UserName: one.principal.name, AccessKeyId: first.accessKeyId }));
    const again = { ...one, input: await anIssue(rig, one.principal) };

    const second = await run(rig.activities.restore.issueCredential, again.input);

    expect(second.secretVersionId).not.toBe(first.secretVersionId);
    await expectExactlyOneNewKey(again, second, [first]);
  });

  it('makes 1 key when AWS made one and its answer was lost: the lost one is removed', async () => {
    const one = await aCase();
    rig.range.faults.add({ id: 'lost', match: { api: 'iam:CreateAccessKey' }, times: 1, effect: { kind: 'loseAnswer' } });

    const lost = await failureOf(run(rig.activities.restore.issueCredential, one.input));
    const issued = await run(rig.activities.restore.issueCredential, one.input);

    expect(lost).toMatchObject({ type: 'UpstreamUnavailable', retryable: true });
    expect(issued.orphansRemoved).toHaveLength(1);
    await expectExactlyOneNewKey(one, issued, [lost]);
  });

  it('removes an orphan that stands beside the key that was stored', async () => {
    const one = await aCase();
    await clientsOf(rig.range, 'admin').iam.send(new DeleteAccessKeyCommand({ UserName: one.principal.name, AccessKeyId: one.oldKeyId }));
    const input = await anIssue(rig, one.principal);
    const first = await run(rig.activities.restore.issueCredential, input);
    const orphan = await aKeyOf(rig, one.principal.name);

    const second = await run(rig.activities.restore.issueCredential, input);

    expect(second).toMatchObject({ accessKeyId: first.accessKeyId, orphansRemoved: [orphan.accessKeyId] });
    expect(await keysOf(rig.range, one.principal.name)).toEqual({ [first.accessKeyId]: 'Active' });
  });

  it('refuses, and deletes nothing, when somebody else made a key since the plan and has used it', async () => {
    const one = await aCase();
    const key = await aKeyOf(rig, one.principal.name);
    const sts = new STSClient({ region: 'us-east-1', endpoint: rig.range.endpoint, credentials: key });
    await sts.send(new GetCallerIdentityCommand({}));

    const refused = await failureOf(run(rig.activities.restore.issueCredential, one.input));

    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(refused.message).toContain(key.accessKeyId);
    expect(await keysOf(rig.range, one.principal.name)).toEqual({ [one.oldKeyId]: 'Inactive', [key.accessKeyId]: 'Active' });
  });

  it('refuses, and deletes nothing, when the plan does not know a key that is older than it', async () => {
    const one = await aCase();
    const plannedAt = new Date(Date.now() + 600_000).toISOString();
    const input = { ...one.input, plan: { ...one.input.plan, keysBefore: [], plannedAt } };

    const refused = await failureOf(run(rig.activities.restore.issueCredential, input));

    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(await keysOf(rig.range, one.principal.name)).toEqual({ [one.oldKeyId]: 'Inactive' });
  });

  it('says that the user is at the limit of 2 keys, makes none, and does not touch the 2', async () => {
    const { principal, oldKeyId } = await aCase();
    const other = await aKeyOf(rig, principal.name);
    const { iam } = clientsOf(rig.range, 'admin');
    await iam.send(new UpdateAccessKeyCommand({ UserName: principal.name, AccessKeyId: other.accessKeyId, Status: 'Inactive' }));
    const input = await anIssue(rig, principal);

    const refused = await failureOf(run(rig.activities.restore.issueCredential, input));

    expect(input.plan).toMatchObject({ atKeyLimit: true, keysBefore: [{ status: 'Inactive' }, { status: 'Inactive' }] });
    expect(refused).toMatchObject({ type: 'QuotaExceeded', retryable: false });
    expect(await keysOf(rig.range, principal.name)).toEqual({ [oldKeyId]: 'Inactive', [other.accessKeyId]: 'Inactive' });
  });

  it('leaves no secret in the account but in Secrets Manager: records, accepted writes and evidence hold none', () => {
    const left = inspect([rig.range.recorded(), rig.range.writesBy(rig.range.identities.restorer.accessKeyId)], {
      depth: 20,
      maxArrayLength: null,
      maxStringLength: null,
    });

    expect(secretsSeen(rig).length).toBeGreaterThan(20);
    for (const secret of secretsSeen(rig)) expect(left).not.toContain(secret);
  });
});
