import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSentNotifications } from '../../../src/adapters/notify/journal.js';
import type { IncidentState } from '../../../src/contracts/incident.js';
import { actUpdate } from '../../../src/contracts/messages.js';
import { exposedKey } from '../../fixtures/lab/alerts.js';
import { deliveryOf, startContainment, startIncident } from '../../fixtures/lab/direct.js';
import { invariantsOf, NOTHING_TWICE } from '../../fixtures/lab/invariants.js';
import { writesOf } from '../../fixtures/lab/kill-moments.js';
import { createLab, INCIDENT, type Lab } from '../../fixtures/lab/lab.js';
import { openTask, setMode, untilContained } from '../../fixtures/lab/people.js';
import { closedIncident } from '../../replay/moves.js';

const AFTER_EVENTS = 200;

test('continue-as-new at 200 events of both while a containment holds, a consent and a manual task open, a clock paused: nothing lost, repeated or told again', async () => {
  const lab = await createLab({ worker: 'here', seed: 6, waits: { recheckLadder: [{ everySeconds: 0.5 }] } });
  try {
    const before = await holdWithOpenTasks(lab);
    const writes = writesOf(lab).length;
    await lab.untilContainment('a second run of the containment', ({ runs }) => runs >= 2, 90_000);
    await note(lab, 'note-0');
    for (let n = 1; n < 60 && (await lab.incident()).runs === 1; n += 1) await note(lab, `note-${n}`);
    const after = await lab.untilIncident('a second run of the incident', ({ runs }) => runs >= 2);
    await note(lab, 'note-0');
    const toldAfter = await told(lab);
    const writesAfter = writesOf(lab).length;
    const { repeated, ...invariants } = await invariantsOf(lab);
    const notes = after.journal.filter(({ text }) => text === 'note-0').length;
    const containment = await lab.containment();
    // The consent was half given before: one more name completes it.
    const consent = await openTask(lab, 'consent', /^Undo/);
    await lab.person('mara', 'approve', after.incidentId, consent.taskId, '--reason', 'planned rotation');
    await closedIncident(lab);
    const restored = await lab.containment();
    process.stdout.write(
      `\nrolled over: containment run ${containment.runs}, incident run ${after.runs}; repeated writes: ${repeated.join(', ') || 'none'}\n`,
    );

    expect(openTasks(after)).toEqual(openTasks(before.state));
    expect(after.clocks).toEqual(before.state.clocks);
    expect(after.clocks.find(({ clockId }) => clockId === 'timeline')?.pause?.reason).toBe('waiting for AWS Support');
    expect(toldAfter).toEqual(before.told);
    expect(writesAfter).toBe(writes);
    expect(containment.results).toHaveLength(5);
    expect({ ...invariants, incidents: 1 }).toEqual(NOTHING_TWICE);
    expect(notes).toBe(1);
    expect(restored.view).toMatchObject({ state: 'released', inForce: [] });
  } finally {
    await lab.close();
  }
});

async function holdWithOpenTasks(lab: Lab): Promise<{ state: IncidentState; told: string[] }> {
  await setMode(lab, 'auto');
  const delivery = await deliveryOf(lab, exposedKey(lab.range), 'INC-20261122-R0110VER');
  await startContainment(lab, delivery, AFTER_EVENTS);
  await startIncident(lab, delivery, { after: AFTER_EVENTS });
  await untilContained(lab);
  const { incidentId } = delivery.incident;
  await openTask(lab, 'manual', /timeline/i);
  await lab.person('alex', 'undo', incidentId, '--reason', 'planned rotation');
  const consent = await openTask(lab, 'consent', /^Undo/);
  await lab.person('lea', 'approve', incidentId, consent.taskId, '--reason', 'planned rotation');
  await lab.person('alex', 'pause', incidentId, 'timeline', '--for', '1h', '--reason', 'waiting for AWS Support');
  const state = await lab.untilIncident('still in its first run, all told', ({ runs }) => runs === 1);
  return { state, told: await told(lab) };
}

async function note({ session }: Lab, actId: string): Promise<void> {
  await session.client.workflow
    .getHandle(INCIDENT)
    .executeUpdate(actUpdate, { args: [{ act: 'note', actId, subject: 'alex', text: actId }] });
}

function openTasks({ tasks }: IncidentState): IncidentState['tasks'] {
  return tasks.filter(({ closedAt }) => closedAt === undefined);
}

async function told({ stage }: Lab): Promise<string[]> {
  const sent = await readSentNotifications(join(stage.env.dataDir, 'notifications.jsonl'));
  return sent.map(({ notificationId, team, title }) => `${notificationId} ${team}: ${title}`).toSorted();
}
