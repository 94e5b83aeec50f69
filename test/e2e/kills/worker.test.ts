import { expect, test } from 'vitest';
import { exposedKey, finding } from '../../fixtures/lab/alerts.js';
import { invariantsOf, NOTHING_TWICE } from '../../fixtures/lab/invariants.js';
import { killAt, killMoment, type MomentName, writesOf } from '../../fixtures/lab/kill-moments.js';
import { createLab, type Lab } from '../../fixtures/lab/lab.js';
import { setMode, untilContained } from '../../fixtures/lab/people.js';

const SEED = 11;

// Side by side: most of a drill is waiting for time-outs and quiet windows.
test.concurrent('SIGKILL of the worker in planning, before a lost answer and in the watch, then of the server: contained, proven, nothing twice', async () => {
  const lab = await createLab({ worker: 'child', seed: SEED });
  try {
    const moments: MomentName[] = ['during planning', 'between a write and its answer', 'during the watch'];
    const rows = await playWithKills(lab, moments, async () => {
      const downAt = Date.now();
      await lab.killServer();
      return [`${'server, after the watch'.padEnd(38)}  down ${((Date.now() - downAt) / 1000).toFixed(1)} s`];
    });
    const { repeated, ...invariants } = await invariantsOf(lab);
    print(lab, rows, repeated);

    expect(rows).toHaveLength(5);
    expect(invariants).toEqual(NOTHING_TWICE);
    expect((await lab.incident()).alerts).toMatchObject({ total: 2, bySource: { 'aws-health': 1, guardduty: 1 } });
    expect(lab.range.attackerAccess().filter(({ alive }) => alive)).toEqual([]);
  } finally {
    await lab.close();
  }
});

test.concurrent('SIGKILL of the worker after the first write and in the wait for the proof: contained, proven, nothing twice', async () => {
  // Killed after the first write, the others wait 15 s for their time-out: the quiet window must be longer.
  const lab = await createLab({ worker: 'child', seed: SEED + 1, waits: { quietWindowSeconds: 25 } });
  try {
    const rows = await playWithKills(lab, ['right after the first accepted write', 'during the wait for the proof']);
    const { repeated, ...invariants } = await invariantsOf(lab);
    print(lab, rows, repeated);

    expect(rows).toHaveLength(3);
    expect(invariants).toEqual(NOTHING_TWICE);
    expect((await lab.incident()).alerts).toMatchObject({ total: 2, bySource: { 'aws-health': 1, guardduty: 1 } });
    expect(lab.range.attackerAccess().filter(({ alive }) => alive)).toEqual([]);
  } finally {
    await lab.close();
  }
});

/** Alerts come, come again after each kill, and a second source at the end; returns a row per kill and the result. */
async function playWithKills(lab: Lab, names: readonly MomentName[], after: () => Promise<string[]> = async () => []): Promise<string[]> {
  const moments = names.map(killMoment);
  await setMode(lab, 'auto');
  for (const moment of moments) moment.arm(lab);
  const startMs = Date.now();
  const alert = exposedKey(lab.range);
  await lab.receive(alert);
  const rows: string[] = [];
  for (const moment of moments) {
    const { waitedMs, downMs } = await killAt(lab, moment, SEED);
    rows.push(`worker ${moment.name} +${waitedMs} ms`.padEnd(48) + `  down ${(downMs / 1000).toFixed(1)} s`);
    await lab.receive(alert);
  }
  rows.push(...(await after()));
  await lab.receive(finding(lab.range));
  await untilContained(lab, 90_000);
  await lab.untilIncident('both alerts', ({ alerts }) => alerts.total === 2);
  return [...rows, `proven after ${((Date.now() - startMs) / 1000).toFixed(1)} s`];
}

function print(lab: Lab, rows: readonly string[], repeated: readonly string[]): void {
  process.stdout.write(
    `\nkilled\n${rows.join('\n')}\nwrites ${writesOf(lab).length}, repeated identically: ${repeated.join(', ') || 'none'}\n`,
  );
}
