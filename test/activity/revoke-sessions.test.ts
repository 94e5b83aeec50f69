import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { CreateAccessKeyCommand, DeleteUserPolicyCommand, PutUserPolicyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import type { MeasureResult, WriteInput } from '../../src/contracts/measure.js';
import type { MeasureName } from '../../src/contracts/plan.js';
import { revokeSessionsDocument } from '../../src/domain/planning/documents.js';
import { aContainmentOf, activitiesOf, aWrite, consentsOf, failureOf, rigsOfThisFile, run } from '../fixtures/activities.js';
import { allowing } from '../fixtures/iam-things.js';
import { clientsOf, INCIDENT_ID } from '../fixtures/range.js';
import { deleteRetiredKey, type Key, principalOf } from '../fixtures/restore.js';

const ownRig = rigsOfThisFile();
const POLICY = `IRRevokeSessions-${INCIDENT_ID}`;
const user = { UserName: 'ci-deploy' };

/** The leaked user, planned for in an account of its own, and what is done to it. */
async function aCase() {
  const rig = await ownRig();
  const { range } = rig;
  const containment = await aContainmentOf(rig, await principalOf(rig, 'arn:aws:iam::111122223333:user/automation/ci-deploy'));
  const admin = () => clientsOf(range, 'admin').iam;
  const inline = (): Readonly<Record<string, string>> => range.iamState().users.find(({ name }) => name === 'ci-deploy')?.inline ?? {};

  /** A write under the consent to recover that lea signed. */
  async function recovering(measure: MeasureName, change: Partial<WriteInput> = {}): Promise<WriteInput> {
    const consents = await consentsOf(containment, ['lea'], { action: 'recover', tier: 'A0' });
    return aWrite(containment, measure, { authority: { by: 'people', consents, alerts: [] }, ...change });
  }

  /** The containment is in force: denied, and both keys are off. */
  async function contained(): Promise<Record<'denyUser' | 'deactivateAccessKey', MeasureResult>> {
    const { respond } = rig.activities;
    const denyUser = await run(respond.denyUser, await aWrite(containment, 'denyUser'));
    const deactivateAccessKey = await run(respond.deactivateAccessKey, await aWrite(containment, 'deactivateAccessKey'));
    return { denyUser, deactivateAccessKey };
  }

  const revoke = async (change: Partial<WriteInput> = {}): Promise<MeasureResult> =>
    run(rig.activities.respond.revokeSessions, await recovering('revokeSessions', change));
  const lift = async (done: MeasureResult): Promise<MeasureResult> =>
    run(activitiesOf(rig, done.measure).undo, await recovering(done.measure, { undo: done }));

  /** What a call with the credentials comes to. Sessions without MFA may not call IAM, so it asks CloudTrail. */
  async function works(credentials: Key & { sessionToken?: string }): Promise<string> {
    const { endpoint } = range;
    const cloudTrail = new CloudTrailClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
    return cloudTrail.send(new DescribeTrailsCommand({})).then(
      () => 'allowed',
      (error: unknown) => (error instanceof Error ? error.name : 'failed'),
    );
  }

  async function sessionOf(credentials: Key): Promise<Key & { sessionToken: string }> {
    const sts = new STSClient({ region: 'us-east-1', endpoint: range.endpoint, credentials });
    const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  }

  async function newKey(): Promise<Key> {
    const { AccessKey } = await admin().send(new CreateAccessKeyCommand(user));
    return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  }

  return { rig, range, containment, admin, inline, recovering, contained, revoke, lift, works, sessionOf, newKey };
}

function documentOf({ after }: MeasureResult): string {
  if (typeof after !== 'string') throw new Error('it wrote no document');
  return after;
}

describe.concurrent('revokeSessions', () => {
  it('keeps an old session out and lets the new key and its sessions work once the denies are lifted', async ({ expect }) => {
    const { range, contained, revoke, lift, works, sessionOf, newKey } = await aCase();
    await deleteRetiredKey(range);
    const old = await sessionOf(range.identities.leaked);
    const { denyUser } = await contained();
    const before = await works(old);
    const key = await newKey();
    await delay(1100);

    const revoked = await revoke();
    const lifted = await lift(denyUser);
    await delay(1100);
    const fresh = await sessionOf(key);

    expect(revoked).toMatchObject({ changed: true, before: null });
    expect(lifted.changed).toBe(true);
    expect([before, await works(old)]).toEqual(['AccessDeniedException', 'AccessDeniedException']);
    expect([await works(key), await works(fresh)]).toEqual(['allowed', 'allowed']);
    expect(await works(range.identities.leaked)).toBe('InvalidClientTokenId');
  });

  it('keeps its first moment when it is delivered 2 times, and when it is put back after somebody took it off', async ({ expect }) => {
    const { admin, inline, contained, revoke } = await aCase();
    await contained();
    const first = await revoke();
    const second = await revoke();
    await admin().send(new DeleteUserPolicyCommand({ ...user, PolicyName: POLICY }));

    const again = await revoke({ reapply: first });

    expect(second).toMatchObject({ changed: false, after: first.after });
    expect(again).toMatchObject({ changed: true, before: null, after: first.after });
    expect(inline()[POLICY]).toBe(first.after);
  });

  it('counts neither a look-alike from before the plan nor any other text under its name', async ({ expect }) => {
    const { admin, inline, contained, revoke } = await aCase();
    await contained();
    const longAgo = revokeSessionsDocument('2020-01-01T00:00:00.000Z');
    await admin().send(new PutUserPolicyCommand({ ...user, PolicyName: POLICY, PolicyDocument: longAgo }));
    const old = await revoke();
    await admin().send(new PutUserPolicyCommand({ ...user, PolicyName: POLICY, PolicyDocument: allowing() }));
    const other = await revoke();

    expect([old.changed, other.changed]).toEqual([true, true]);
    expect(inline()[POLICY]).toBe(other.after);
    expect(other.after).not.toBe(longAgo);
  });

  it('writes no document that a made-up record asks for', async ({ expect }) => {
    const { inline, contained, revoke, lift } = await aCase();
    await contained();
    const done = await revoke();

    const refused = await failureOf(revoke({ reapply: { ...done, after: allowing() } }));
    const undone = await failureOf(lift({ ...done, after: allowing() }));

    expect([refused.type, undone.type]).toEqual(['UnsafeAction', 'UnsafeAction']);
    expect(inline()[POLICY]).toBe(done.after);
  });

  it('is refused while a key of the plan is active, and while one is that was made since and not by recovery', async ({ expect }) => {
    const { rig, range, containment, inline, contained, revoke, newKey } = await aCase();
    await deleteRetiredKey(range);
    const early = await failureOf(revoke());
    await contained();
    const { accessKeyId } = await newKey();
    const later = new Date(Date.now() + 300_000).toISOString();
    const consents = await consentsOf(containment, ['lea'], {
      action: 'recover',
      tier: 'A0',
      decidedAt: later,
      expiresAt: '2030-01-01T00:00:00Z',
    });
    rig.time.aheadMs = 300_000;

    const foreign = await failureOf(revoke({ authority: { by: 'people', consents, alerts: [] } }));

    expect([early.type, foreign.type]).toEqual(['UnsafeAction', 'UnsafeAction']);
    expect(early.message).toContain(`${range.identities.leaked.accessKeyId} is still active`);
    expect(foreign.message).toContain(`${accessKeyId} is still active`);
    expect(inline()[POLICY]).toBeUndefined();
  });

  it('is taken off 1 time when the undo is delivered 2 times, and not over what somebody changed', async ({ expect }) => {
    const { admin, inline, contained, revoke, lift } = await aCase();
    await contained();
    const done = await revoke();
    await admin().send(new PutUserPolicyCommand({ ...user, PolicyName: POLICY, PolicyDocument: allowing() }));
    const refused = await failureOf(lift(done));
    await admin().send(new PutUserPolicyCommand({ ...user, PolicyName: POLICY, PolicyDocument: documentOf(done) }));

    const undos = [await lift(done), await lift(done)];

    expect(refused).toMatchObject({ type: 'PreconditionFailed' });
    expect(undos.map(({ changed }) => changed)).toEqual([true, false]);
    expect(inline()[POLICY]).toBeUndefined();
  });
});

describe.concurrent('under the consent to recover', () => {
  it('no deny comes off while the older sessions are not revoked, or only in name', async ({ expect }) => {
    const { admin, inline, contained, lift } = await aCase();
    const { denyUser } = await contained();
    const none = await failureOf(lift(denyUser));
    await admin().send(new PutUserPolicyCommand({ ...user, PolicyName: POLICY, PolicyDocument: allowing() }));
    const inName = await failureOf(lift(denyUser));

    expect([none.message, inName.message].map((text) => text.includes('the older sessions are not revoked'))).toEqual([true, true]);
    expect(inline()).toHaveProperty(`IRQuarantine-${INCIDENT_ID}`);
  });

  it('no deny comes off while somebody has armed the old key again, nor when keys cannot be read; the key itself never is', async ({
    expect,
  }) => {
    const { range, admin, inline, contained, revoke, lift } = await aCase();
    const { denyUser, deactivateAccessKey } = await contained();
    await revoke();
    const rearm = await failureOf(lift(deactivateAccessKey));
    const leaked = { ...user, AccessKeyId: range.identities.leaked.accessKeyId };
    await admin().send(new UpdateAccessKeyCommand({ ...leaked, Status: 'Active' }));
    const armed = await failureOf(lift(denyUser));
    await admin().send(new UpdateAccessKeyCommand({ ...leaked, Status: 'Inactive' }));
    range.faults.add({ id: 'slow', match: { api: 'iam:ListAccessKeys' }, effect: { kind: 'throttle' } });
    const unread = await failureOf(lift(denyUser));

    expect(rearm.message).toContain('recovery never re-arms an old credential');
    expect(armed.message).toContain('is still active: the denies stay');
    expect(unread.message).toContain('access keys (');
    expect(inline()).toHaveProperty(`IRQuarantine-${INCIDENT_ID}`);
  });

  it('the revocation stays for 129,600 s on an account that is not the range’s, and comes off after', async ({ expect }) => {
    const { rig, contained, revoke, lift } = await aCase();
    await contained();
    const done = await revoke();
    await rig.editPolicy('rails.yaml', (text) => text.replace(/^rangeAccounts: .*$/m, "rangeAccounts: ['999900001111']"));

    rig.time.aheadMs = 129_590_000;
    const early = await failureOf(lift(done));
    rig.time.aheadMs = 129_601_000;
    const off = await lift(done);

    expect(early).toMatchObject({ type: 'UnsafeAction' });
    expect(early.message).toContain('rails.yaml wants 129600 s');
    expect(off.changed).toBe(true);
  });

  it('nothing is lifted by a consent to contain, and nothing is revoked by one', async ({ expect }) => {
    const { rig, containment, recovering, contained, revoke } = await aCase();
    const { denyUser } = await contained();
    const consents = await consentsOf(containment, ['lea', 'mara']);
    const authority = { by: 'people' as const, consents, alerts: [] };

    const revoked = await failureOf(revoke({ authority }));
    const lifted = await failureOf(run(activitiesOf(rig, 'denyUser').undo, await recovering('denyUser', { undo: denyUser, authority })));

    expect([revoked.type, lifted.type]).toEqual(['UnsafeAction', 'UnsafeAction']);
    expect(revoked.message).toContain('given for contain, not for recover');
  });
});
