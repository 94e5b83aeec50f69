import { CreateAccessKeyCommand, DeleteAccessKeyCommand, DeleteUserPolicyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import type { WatchInput, WatchResult } from '../../src/contracts/watch.js';
import {
  aContainment,
  activitiesOf,
  anEnvironment,
  aWrite,
  consentsOf,
  type Containment,
  type Rig,
  rigsOfThisFile,
  run,
} from '../fixtures/activities.js';
import { CI_DEPLOY, clientsOf, INCIDENT_ID, writesOfResponder } from '../fixtures/range.js';
import { shippedPolicies } from '../fixtures/policies.js';

const ownRig = rigsOfThisFile();
const DENY = `IRQuarantine-${INCIDENT_ID}`;
const SETTLE_MS = 300;

/** The whole plan written, ready to be watched with short waits. */
async function written(rig: Rig): Promise<{ containment: Containment; input: WatchInput }> {
  const containment = await aContainment(rig);
  const { alert, plan, principal } = containment;
  const writes = await Promise.all(plan.measures.map(async (call) => ({ ...(await aWrite(containment, call.measure)), call })));
  const results = await Promise.all(writes.map((write) => run(activitiesOf(rig, write.call.measure).apply, write)));
  const waits = await shippedPolicies.waits('drill-waits');
  const input: WatchInput = {
    incidentId: INCIDENT_ID,
    containmentId: 'containment/111122223333/user/ci-deploy',
    principal,
    approvedPlan: plan,
    results,
    authority: { by: 'people', consents: await consentsOf(containment, ['lea']), alerts: [alert] },
    watched: plan.measures.map(({ measure, target }) => ({ measure, target })),
    firstDenyAt: new Date().toISOString(),
    waits: { ...waits, settleSeconds: SETTLE_MS / 1000, watchRounds: [{ untilSeconds: 600, everySeconds: 0.1 }] },
    rounds: 'early',
    readOnly: false,
  };
  return { containment, input };
}

function watch(rig: Rig, input: WatchInput, env = anEnvironment()): Promise<WatchResult> {
  return run(rig.activities.respond.watchContainment, input, env);
}

function stripDeny({ range }: Rig): Promise<unknown> {
  return clientsOf(range, 'admin').iam.send(new DeleteUserPolicyCommand({ UserName: CI_DEPLOY, PolicyName: DENY }));
}

function armKey({ range }: Rig): Promise<unknown> {
  const { accessKeyId: AccessKeyId } = range.identities.leaked;
  return clientsOf(range, 'admin').iam.send(new UpdateAccessKeyCommand({ UserName: CI_DEPLOY, AccessKeyId, Status: 'Active' }));
}

/** Fails at every call of an API until it is taken away again. */
function failing({ range }: Rig, api: string, times?: number): void {
  const effect = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
  range.faults.add({ id: 'failing', match: { api }, effect, ...(times === undefined ? {} : { times }) });
}

describe.concurrent('the watch', () => {
  it('confirms after 2 read-backs that agree, 0.3 s apart, with explicit deny and every key Inactive', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    const startedAt = performance.now();

    const result = await watch(rig, input);

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(SETTLE_MS);
    expect(result).toMatchObject({ ended: 'configured', drifts: [] });
    expect(result.configuration).toMatchObject({ confirmed: true, simulation: 'explicitDeny', keysInactive: true, missing: [], notes: [] });
    expect(result.rounds).toBeGreaterThanOrEqual(2);
  });

  it('puts a re-activated key and a stripped deny back within 1 round and reports both', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    const contained = rig.range.iamState();
    await Promise.all([stripDeny(rig), armKey(rig)]);
    const before = writesOfResponder(rig.range).length;

    const result = await watch(rig, input);

    expect(result.drifts.map(({ measure, found }) => `${measure} ${found}`).toSorted()).toEqual([
      'deactivateAccessKey Active',
      'denyUser null',
    ]);
    expect(result.drifts.every(({ reappliedAt }) => reappliedAt !== undefined)).toBe(true);
    expect(result).toMatchObject({ ended: 'configured', configuration: { confirmed: true } });
    expect(rig.range.iamState()).toEqual(contained);
    expect(writesOfResponder(rig.range).slice(before).toSorted()).toEqual(['iam:PutUserPolicy', 'iam:UpdateAccessKey']);
  });

  it('only reads when it is told so: 0 writes, and the missing measure is named', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    await stripDeny(rig);
    const before = writesOfResponder(rig.range).length;

    const result = await watch(rig, { ...input, readOnly: true, rounds: 'once' });

    expect(result).toMatchObject({
      ended: 'once',
      drifts: [],
      configuration: { confirmed: false, missing: [{ measure: 'denyUser', found: 'null' }] },
    });
    expect(writesOfResponder(rig.range)).toHaveLength(before);
  });

  it('confirms what a person did by hand, without an authority', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    const withoutAuthority = ({ authority: _, ...rest }: WatchInput): WatchInput => rest;

    const result = await watch(rig, { ...withoutAuthority(input), results: [], readOnly: true });

    expect(result).toMatchObject({ ended: 'configured', configuration: { confirmed: true } });
  });

  it('comes back at the third drift', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    const fight = new AbortController();
    const fighting = (async () => {
      for (; !fight.signal.aborted; await delay(60)) await stripDeny(rig).catch(() => undefined);
    })();

    const result = await watch(rig, input);

    fight.abort();
    await fighting;
    expect(result).toMatchObject({ ended: 'thirdDrift', configuration: { confirmed: false } });
    expect(result.drifts).toHaveLength(3);
  });

  it('does not put back while the guard is stopped, and says so', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    await stripDeny(rig);
    const before = writesOfResponder(rig.range).length;
    rig.guard.stopped = true;

    const result = await watch(rig, { ...input, rounds: 'once' });

    expect(result.drifts).toMatchObject([{ measure: 'denyUser', refused: 'GuardStopped: the guard is stopped: drill' }]);
    expect(result.drifts[0]).not.toHaveProperty('reappliedAt');
    expect(writesOfResponder(rig.range)).toHaveLength(before);
  });

  it('puts back under consents that have expired since the first write', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    await stripDeny(rig);
    rig.time.aheadMs = 2 * 3_600_000;

    const result = await watch(rig, { ...input, rounds: 'once' });

    expect(result.drifts).toMatchObject([{ measure: 'denyUser', reappliedAt: expect.any(String) }]);
  });

  it('confirms without the simulation and says that it is unavailable', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    failing(rig, 'iam:SimulatePrincipalPolicy');

    const result = await watch(rig, input);

    expect(result.configuration).toMatchObject({ confirmed: true, simulation: 'unavailable' });
    expect(result.configuration.notes.join()).toContain('simulation is unavailable');
  });

  it('notes a key that was made after the plan, and no longer calls every key Inactive', async ({ expect }) => {
    const rig = await ownRig();
    const { iam } = clientsOf(rig.range, 'admin');
    const { containment, input } = await written(rig);
    const retired = containment.plan.before.find(({ value }) => value === 'Inactive')?.target;
    await iam.send(new DeleteAccessKeyCommand({ UserName: CI_DEPLOY, AccessKeyId: retired }));
    const { AccessKey: made } = await iam.send(new CreateAccessKeyCommand({ UserName: CI_DEPLOY }));

    const result = await watch(rig, input);

    expect(result.configuration.keysInactive).toBe(false);
    expect(result.configuration.notes).toEqual([expect.stringContaining(`access key ${made?.AccessKeyId} was made after the plan`)]);
  });

  it('takes a deleted key for contained: no drift, and confirmed', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    const { accessKeyId: AccessKeyId } = rig.range.identities.leaked;
    await clientsOf(rig.range, 'admin').iam.send(new DeleteAccessKeyCommand({ UserName: CI_DEPLOY, AccessKeyId }));

    const result = await watch(rig, input);

    expect(result).toMatchObject({ ended: 'configured', drifts: [], configuration: { confirmed: true, keysInactive: true } });
  });

  it('does not call 1 unreadable measure a drift, and confirms once it can be read', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    failing(rig, 'iam:GetUserPolicy', 1);

    const result = await watch(rig, input);

    expect(rig.range.faults.hits('failing')).toBe(1);
    expect(result).toMatchObject({ ended: 'configured', drifts: [] });
  });

  it('goes on from the drifts and rounds of an interrupted attempt', async ({ expect }) => {
    const rig = await ownRig();
    const { input } = await written(rig);
    await stripDeny(rig);
    const first = anEnvironment();
    const beats: WatchResult[] = [];
    first.on('heartbeat', (details: WatchResult) => {
      beats.push(structuredClone(details));
      if (details.drifts.length > 0) first.cancel();
    });
    const cancelled = await watch(rig, { ...input, waits: { ...input.waits, settleSeconds: 60 } }, first).catch((error: unknown) => error);
    const heartbeatDetails = beats.at(-1);

    const result = await watch(rig, input, anEnvironment({ attempt: 2, heartbeatDetails }));
    const once = await watch(rig, { ...input, rounds: 'once' }, anEnvironment({ attempt: 2, heartbeatDetails }));

    expect(cancelled).toMatchObject({ name: 'CancelledFailure' });
    expect(result.drifts).toEqual(heartbeatDetails?.drifts);
    expect(result.drifts).toHaveLength(1);
    expect(result.rounds).toBeGreaterThan(heartbeatDetails?.rounds ?? Infinity);
    expect([result.configuration.confirmed, once.configuration.confirmed]).toEqual([true, true]);
  });
});
