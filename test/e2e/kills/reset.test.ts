import { expect, test } from 'vitest';
import { alertReceivedSignal } from '../../../src/contracts/messages.js';
import { exposedKey, finding } from '../../fixtures/lab/alerts.js';
import { writesOf } from '../../fixtures/lab/kill-moments.js';
import { CONTAINMENT, createLab, INCIDENT, type Lab, until } from '../../fixtures/lab/lab.js';
import { setMode, untilProven } from '../../fixtures/lab/people.js';
import { terminateAndReset } from '../../fixtures/lab/reset.js';
import { stripInlineDeny } from '../../replay/moves.js';

test.concurrent('a terminated incident and a terminated containment, reset by their last workflow task, go on from their exact state', async () => {
  const lab = await createLab({ worker: 'here', seed: 4, waits: { recheckLadder: [{ everySeconds: 4 }] } });
  try {
    await setMode(lab, 'auto');
    await lab.receive(exposedKey(lab.range));
    await untilProven(lab);
    await lab.untilIncident('nothing is under way', ({ tasks }) => tasks.some(({ stepId }) => stepId === 'timeline'));
    await tellAgain(lab);
    const incident = await lab.incident();
    const containment = comparable(await lab.containment());
    const writes = writesOf(lab).length;

    const incidentReset = await terminateAndReset(lab, INCIDENT);
    const incidentAfter = await lab.incident();
    const child = await lab.session.client.workflow.getHandle(CONTAINMENT).describe();
    const containmentReset = await terminateAndReset(lab, CONTAINMENT);
    const containmentAfter = comparable(await lab.containment());
    const writesAfter = writesOf(lab).length;
    // Both still work together: a change is undone and told, a second source joins.
    await stripInlineDeny(lab, { leaving: 'nothing' });
    const end = await lab.untilIncident('the drift is told', ({ journal }) => journal.some(({ text }) => text.includes('DRIFT denyUser')));
    await lab.receive(finding(lab.range));
    await lab.untilIncident('a second source joins', ({ alerts }) => alerts.total === 2);

    expect(incidentAfter).toEqual(incident);
    expect(child.status.name).toBe('RUNNING');
    expect(containmentAfter).toEqual(containment);
    expect(writesAfter).toBe(writes);
    expect(incidentReset.runId).not.toBe(incidentReset.terminatedRunId);
    expect(containmentReset.runId).not.toBe(containmentReset.terminatedRunId);
    expect(end.incidentId).toBe(incident.incidentId);
  } finally {
    await lab.close();
  }
});

test.concurrent('news of a containment reach its incident although that was gone when they happened', async () => {
  const lab = await createLab({ worker: 'here', seed: 5, waits: { recheckLadder: [{ everySeconds: 3 }] } });
  try {
    await setMode(lab, 'auto');
    await lab.receive(exposedKey(lab.range));
    await untilProven(lab);
    const { incidentId } = await lab.incident();
    await terminateAndReset(lab, INCIDENT, {
      meanwhile: async () => {
        await stripInlineDeny(lab, { incidentId, leaving: 'nothing' });
        await lab.untilContainment('the drift is undone', ({ view }) => view.drifts === 1);
      },
    });
    await lab.untilIncident('the drift is told', ({ journal }) => journal.some(({ text }) => text.includes('DRIFT denyUser')));

    expect((await lab.containment()).view.news).toEqual([]);
  } finally {
    await lab.close();
  }
});

/** A repeated alert changes nothing, and so the last workflow task, which a reset does again, has no times of its own. */
async function tellAgain({ session, ...lab }: Lab): Promise<void> {
  const { alerts, resolution } = await lab.incident();
  const [alert] = alerts.kept;
  if (alert === undefined || resolution === undefined) throw new Error('the incident knows no alert');
  const handle = session.client.workflow.getHandle(INCIDENT);
  const before = (await handle.describe()).historyLength;
  await handle.signal(alertReceivedSignal, alert, resolution);
  // The signal, and a workflow task of three events.
  await until('the repeat is handled', async () => ((await handle.describe()).historyLength >= before + 4 ? true : undefined));
}

/** A re-check may have run since: how often, and how far CloudTrail was read, may differ. */
function comparable(state: Awaited<ReturnType<Lab['containment']>>): object {
  return { ...state, checks: 0, view: { ...state.view, limits: [], provenBy: [] } };
}
