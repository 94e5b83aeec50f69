import {
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { describe, it } from 'vitest';
import type { MeasureName } from '../../src/contracts/plan.js';
import {
  aContainment,
  activitiesOf,
  anUndo,
  aWrite,
  consentsOf,
  type Containment,
  failureOf,
  type Rig,
  rigsOfThisFile,
  run,
} from '../fixtures/activities.js';
import { CI_DEPLOY, clientsOf, deleteCiDeploy, denyResponder, recreateCiDeploy, writesOfResponder } from '../fixtures/range.js';

const QUARANTINE = 'arn:aws:iam::111122223333:policy/ir/IRQuarantine';
const OTHER_BOUNDARY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const user = { UserName: CI_DEPLOY };

interface Row {
  readonly measure: MeasureName;
  /** The call that writes, and the one that undoes. */
  readonly api: string;
  readonly undoApi: string;
  /** Done by the admin before the plan, where a two-valued field needs it for a conflict to be possible. */
  readonly before?: (iam: IAMClient, key: string) => Promise<unknown>;
  /** What the admin does to the field after our write. */
  readonly meddle: (iam: IAMClient, target: string) => Promise<unknown>;
}

const rows: Row[] = [
  {
    measure: 'attachQuarantinePolicy',
    api: 'iam:AttachUserPolicy',
    undoApi: 'iam:DetachUserPolicy',
    before: (iam) => iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn: QUARANTINE })),
    meddle: (iam) => iam.send(new DetachUserPolicyCommand({ ...user, PolicyArn: QUARANTINE })),
  },
  {
    measure: 'denyUser',
    api: 'iam:PutUserPolicy',
    undoApi: 'iam:DeleteUserPolicy',
    meddle: (iam, PolicyName) => iam.send(new PutUserPolicyCommand({ ...user, PolicyName, PolicyDocument: allowing('s3:GetObject') })),
  },
  {
    measure: 'putBoundary',
    api: 'iam:PutUserPermissionsBoundary',
    undoApi: 'iam:DeleteUserPermissionsBoundary',
    meddle: (iam) => iam.send(new PutUserPermissionsBoundaryCommand({ ...user, PermissionsBoundary: OTHER_BOUNDARY })),
  },
  {
    measure: 'deactivateAccessKey',
    api: 'iam:UpdateAccessKey',
    undoApi: 'iam:UpdateAccessKey',
    before: (iam, AccessKeyId) => iam.send(new UpdateAccessKeyCommand({ ...user, AccessKeyId, Status: 'Inactive' })),
    meddle: (iam, AccessKeyId) => iam.send(new UpdateAccessKeyCommand({ ...user, AccessKeyId, Status: 'Active' })),
  },
];

function allowing(Action: string): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
}

const ownRig = rigsOfThisFile();

/** The SDK tries a call twice, so an answer is lost for an activity when it is lost twice. */
function loseAnswers({ range }: Rig, api: string): void {
  range.faults.add({ id: 'lost', match: { api }, times: 2, effect: { kind: 'loseAnswer' } });
}

async function applied(containment: Containment, measure: MeasureName) {
  return run(activitiesOf(containment.rig, measure).apply, await aWrite(containment, measure));
}

describe.concurrent.each(rows)('$measure', ({ measure, api, undoApi, before, meddle }) => {
  it('changes the account once when it is applied 2 times', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const { range } = containment.rig;

    const first = await applied(containment, measure);
    const state = range.iamState();
    const second = await applied(containment, measure);

    expect(first).toMatchObject({ measure, changed: true, requestIds: [expect.any(String)] });
    expect(second).toMatchObject({ changed: false, before: first.before, after: first.after, requestIds: [] });
    expect(range.iamState()).toEqual(state);
    expect(writesOfResponder(range)).toEqual([api]);
  });

  it('keeps the original value when the answer was lost and the write is tried again, so that the undo is exact', async ({ expect }) => {
    const rig = await ownRig();
    const original = rig.range.iamState();
    const containment = await aContainment(rig);
    loseAnswers(rig, api);

    const lost = await failureOf(applied(containment, measure));
    const again = await applied(containment, measure);
    await run(activitiesOf(rig, measure).undo, await anUndo(containment, again));

    expect(lost).toMatchObject({ type: 'UpstreamUnavailable', retryable: true });
    expect(again).toMatchObject({ changed: false, before: containment.plan.before.find((row) => row.target === again.target)?.value });
    expect(again.before).not.toEqual(again.after);
    expect(rig.range.iamState()).toEqual(original);
  });

  it('is undone exactly, and a second undo finds nothing to do', async ({ expect }) => {
    const rig = await ownRig();
    const original = rig.range.iamState();
    const containment = await aContainment(rig);
    const undo = await anUndo(containment, await applied(containment, measure));

    const first = await run(activitiesOf(rig, measure).undo, undo);
    const second = await run(activitiesOf(rig, measure).undo, undo);

    expect([first.changed, second.changed]).toEqual([true, false]);
    expect(writesOfResponder(rig.range)).toEqual([api, undoApi]);
    expect(rig.range.iamState()).toEqual(original);
  });

  it('is undone once when the answer of the undo was lost', async ({ expect }) => {
    const rig = await ownRig();
    const original = rig.range.iamState();
    const containment = await aContainment(rig);
    const undo = await anUndo(containment, await applied(containment, measure));
    loseAnswers(rig, undoApi);

    const lost = await failureOf(run(activitiesOf(rig, measure).undo, undo));
    const again = await run(activitiesOf(rig, measure).undo, undo);

    expect([lost.type, again.changed]).toEqual(['UpstreamUnavailable', false]);
    expect(rig.range.iamState()).toEqual(original);
  });

  it('is not undone over what an admin changed since: 0 writes', async ({ expect }) => {
    const rig = await ownRig();
    const { iam } = clientsOf(rig.range, 'admin');
    await before?.(iam, rig.range.identities.leaked.accessKeyId);
    const containment = await aContainment(rig);
    const done = await applied(containment, measure);
    await meddle(iam, done.target);
    const known = { state: rig.range.iamState(), writes: writesOfResponder(rig.range) };

    const refused = await failureOf(run(activitiesOf(rig, measure).undo, await anUndo(containment, done)));

    expect(refused).toMatchObject({ type: 'PreconditionFailed', retryable: false });
    expect(refused.message).toContain('somebody changed it since');
    expect({ state: rig.range.iamState(), writes: writesOfResponder(rig.range) }).toEqual(known);
  });

  it('names the action when AWS denies it', async ({ expect }) => {
    const rig = await ownRig();
    const containment = await aContainment(rig);
    await denyResponder(rig.range, api);

    const refused = await failureOf(applied(containment, measure));

    expect(refused).toMatchObject({ type: 'PermissionDenied', retryable: false });
    expect(refused.message).toContain(api);
    expect(writesOfResponder(rig.range)).toEqual([]);
  });

  it('waits for a later attempt when AWS throttles it', async ({ expect }) => {
    const rig = await ownRig();
    const containment = await aContainment(rig);
    rig.range.faults.add({ id: 'slow', match: { api }, times: 2, effect: { kind: 'throttle' } });

    const throttled = await failureOf(applied(containment, measure));
    const later = await applied(containment, measure);

    expect(throttled).toMatchObject({ type: 'Throttled', retryable: true });
    expect(later.changed).toBe(true);
  });

  it('writes nothing on a user that was made again under the same name, or is gone', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const { principal, rig } = containment;

    await recreateCiDeploy(rig.range);
    const refused = await failureOf(applied(containment, measure));
    await deleteCiDeploy(rig.range);
    const lost = await failureOf(applied(containment, measure));

    expect(refused).toMatchObject({ type: 'PreconditionFailed', retryable: false });
    expect(refused.message).toContain(principal.uniqueId);
    expect(lost).toMatchObject({ type: 'TargetNotFound', retryable: false });
    expect(writesOfResponder(rig.range)).toEqual([]);
  });
});

describe.concurrent('the values that undo goes back to', () => {
  it('leave a key Inactive that was Inactive before, although somebody activated it in between', async ({ expect }) => {
    const rig = await ownRig();
    const original = rig.range.iamState();
    const containment = await aContainment(rig);
    const call = containment.plan.measures.find(
      (row) => row.measure === 'deactivateAccessKey' && row.target !== rig.range.identities.leaked.accessKeyId,
    );
    if (!call) throw new Error('the retired key is not planned');
    await clientsOf(rig.range, 'admin').iam.send(new UpdateAccessKeyCommand({ ...user, AccessKeyId: call.target, Status: 'Active' }));

    const done = await run(rig.activities.respond.deactivateAccessKey, await aWrite(containment, 'deactivateAccessKey', { call }));
    const undone = await run(rig.activities.respond.undoDeactivateAccessKey, { ...(await anUndo(containment, done)), call });

    expect(done).toMatchObject({ changed: true, before: 'Inactive', after: 'Inactive' });
    expect(undone.changed).toBe(false);
    expect(rig.range.iamState()).toEqual(original);
  });

  it('bring an earlier boundary back when the identity that undoes may set it', async ({ expect }) => {
    const rig = await ownRig({ responder: 'admin' });
    await clientsOf(rig.range, 'admin').iam.send(new PutUserPermissionsBoundaryCommand({ ...user, PermissionsBoundary: OTHER_BOUNDARY }));
    const original = rig.range.iamState();
    const containment = await aContainment(rig);

    const done = await applied(containment, 'putBoundary');
    await run(rig.activities.respond.undoPutBoundary, await anUndo(containment, done));

    expect(done.before).toBe(OTHER_BOUNDARY);
    expect(rig.range.iamState()).toEqual(original);
  });

  it('fail loudly when the responder may not set the earlier boundary: PermissionDenied and the deny stays', async ({ expect }) => {
    const rig = await ownRig();
    await clientsOf(rig.range, 'admin').iam.send(new PutUserPermissionsBoundaryCommand({ ...user, PermissionsBoundary: OTHER_BOUNDARY }));
    const containment = await aContainment(rig);
    const done = await applied(containment, 'putBoundary');

    const refused = await failureOf(run(rig.activities.respond.undoPutBoundary, await anUndo(containment, done)));

    expect(refused).toMatchObject({ type: 'PermissionDenied' });
    expect(refused.message).toContain('iam:PutUserPermissionsBoundary');
    expect(rig.range.iamState().users.find(({ name }) => name === CI_DEPLOY)?.boundary).toBe('arn:aws:iam::aws:policy/AWSDenyAll');
  });

  it('are of the record that is given: one that never was what we write is refused', async ({ expect }) => {
    const rig = await ownRig();
    await clientsOf(rig.range, 'admin').iam.send(new PutUserPermissionsBoundaryCommand({ ...user, PermissionsBoundary: OTHER_BOUNDARY }));
    const containment = await aContainment(rig);
    const target = 'arn:aws:iam::aws:policy/AWSDenyAll';
    const madeUp = {
      measure: 'putBoundary' as const,
      target,
      changed: true,
      before: null,
      after: OTHER_BOUNDARY,
      at: new Date().toISOString(),
      requestIds: [],
    };

    const refused = await failureOf(run(rig.activities.respond.undoPutBoundary, await anUndo(containment, madeUp)));

    expect(refused.type).toBe('UnsafeAction');
    expect(writesOfResponder(rig.range)).toEqual([]);
  });

  it('keep the first record when a write is put back', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const { rig } = containment;
    const done = await applied(containment, 'denyUser');
    await rows[1]?.meddle(clientsOf(rig.range, 'admin').iam, done.target);
    const consents = await consentsOf(containment, ['lea'], { expiresAt: new Date(Date.now() - 1).toISOString() });

    const again = await run(
      rig.activities.respond.denyUser,
      await aWrite(containment, 'denyUser', { reapply: done, authority: { by: 'people', consents, alerts: [containment.alert] } }),
    );

    expect(again).toMatchObject({ changed: true, before: null, after: done.after });
  });
});
