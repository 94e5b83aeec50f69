import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IncidentState } from '../../src/contracts/incident.js';
import type { Descendant } from '../../src/contracts/watch.js';
import { aResolution, aVerdict } from '../fixtures/builders.js';
import { createRig, type Rig, type Run } from './rig.js';

let rig: Rig;
const principals = new Map<string, Run['principal']>();
beforeAll(async () => {
  rig = await createRig();
  rig.answers.verdict = () => aVerdict('confirmed', 90);
  rig.answers.resolveArn = ({ arn }) => Promise.resolve(aResolution(principals.get(arn)));
});
afterAll(() => rig.close());

const PAST = '2026-11-22T08:00:00.000Z';

async function grown(name: string, openedAt?: string): Promise<Run> {
  const alert = { alertId: `finding-${name}`, bodySha256: name.padEnd(64, '0').slice(0, 64) };
  const run = await rig.open({ name: `auto-${name}`, alert: { ...alert, ...(openedAt === undefined ? {} : { receivedAt: openedAt }) } });
  principals.set(run.principal.arn, run.principal);
  await run.until('it is contained', ({ scope }) => Object.values(scope).some(({ state }) => state === 'proven'));
  return run;
}

/** CloudTrail shows that the intruder of one incident became the principal of the other. */
function finds(run: Run, other: Run): Promise<void> {
  const descendant: Descendant = {
    arn: other.principal.arn,
    callerArn: run.principal.arn,
    how: 'became',
    api: 'AssumeRole',
    eventId: `event-${run.incidentId}`,
    region: 'us-east-1',
    eventAt: '2026-11-22T10:01:00.000Z',
    fromHolder: false,
  };
  return run.view({ descendants: [descendant] });
}

async function expectMerged(survivor: Run, part: Run): Promise<IncidentState> {
  const result = await part.result();
  const state = await survivor.until('it took the other over', ({ merged }) => merged !== undefined);
  await survivor.until('both containments report here', ({ scope }) => Object.keys(scope).length === 2);
  const orders = await part.orders();

  expect(result).toMatchObject({ outcome: 'joined' });
  expect(result.reason).toContain(survivor.incidentId);
  expect(state.merged?.map(({ incidentId }) => incidentId)).toEqual([part.incidentId]);
  expect(state.principals.map(({ name }) => name).toSorted()).toEqual([survivor.principal.name, part.principal.name].toSorted());
  expect(state.alerts.total).toBe(2);
  expect(state.journal.some(({ who }) => who.startsWith(part.incidentId))).toBe(true);
  expect(orders.filter(({ order }) => order === 'adopt')).toEqual([
    { order: 'adopt', ownerWorkflowId: survivor.principal.lockId, incidentId: survivor.incidentId },
  ]);
  expect([...orders, ...(await survivor.orders())].filter(({ order }) => order === 'release' || order === 'restore')).toEqual([]);
  return state;
}

describe('two grown incidents that prove to be one', () => {
  test('merge into the older one when the younger one finds it out', async () => {
    const older = await grown('a-older', PAST);
    const younger = await grown('a-younger');

    await finds(younger, older);

    await expectMerged(older, younger);
  });

  test('merge into the older one when the older one finds it out', async () => {
    const older = await grown('b-older', PAST);
    const younger = await grown('b-younger');

    await finds(older, younger);

    await expectMerged(older, younger);
  });

  test('merge into one when both find it out at once, also when they were opened in the same moment', async () => {
    const [one, two] = [await grown('c-one', PAST), await grown('c-two', PAST)];
    const [survivor, part] = one.principal.lockId < two.principal.lockId ? [one, two] : [two, one];

    await Promise.all([finds(one, two), finds(two, one)]);

    const state = await expectMerged(survivor, part);
    expect(state.closing).toBeUndefined();
  });

  test('take the earlier detection for every clock: the earliest deadline wins', async () => {
    const older = await grown('d-older', PAST);
    const early = new Date(Date.parse((await older.state()).clockStartAt) - 600_000).toISOString();
    const younger = await rig.open({
      name: 'auto-d-younger',
      alert: { alertId: 'd-2', bodySha256: 'd'.repeat(64), detectedAt: early, firstSeenAt: early },
    });
    principals.set(younger.principal.arn, younger.principal);
    await younger.until('it is contained', ({ scope }) => Object.values(scope).some(({ state }) => state === 'proven'));

    await finds(older, younger);

    const state = await expectMerged(older, younger);
    expect(state.clockStartAt).toBe(early);
    expect(state.clocks.filter(({ from }) => from === 'detected').every(({ startAt }) => startAt === early)).toBe(true);
  });

  test('stay what they are when the older one is gone: the younger takes its containment over and releases nothing', async () => {
    const older = await grown('e-older', PAST);
    const younger = await grown('e-younger');
    await older.view({ state: 'released', headline: 'released', inForce: [], releasedAt: PAST });
    const ended = await older.handle.terminate('closed meanwhile').then(() => older.handle.describe());

    await finds(younger, older);
    const state = await younger.until('it goes on by itself', ({ journal }) =>
      journal.some(({ text }) => text.includes('took over the containment') || text.includes('claimed')),
    );

    expect(ended.status.name).toBe('TERMINATED');
    expect(state.closing).toBeUndefined();
    expect((await younger.orders()).filter(({ order }) => order === 'release')).toEqual([]);
  });
});
