import { workflowMetadataQuery } from '@temporalio/workflow';
import { expect, test } from 'vitest';
import { GUARD_WORKFLOW_ID } from '../../src/contracts/names.js';
import type { IncidentState } from '../../src/contracts/incident.js';
import { historySizes, sizeText } from '../../src/drill/history-sizes.js';
import { castOf } from '../fixtures/lab/cast.js';
import { CONTAINMENT, createLab, INCIDENT, type Lab, until } from '../fixtures/lab/lab.js';
import { setMode } from '../fixtures/lab/people.js';

/** Design 8: current details are cut off by the server above this. */
const DETAILS_BYTES = 20_000;

test('a whole drill and its hold stay within 600 events and 512 KiB an incident, 400 events a containment, 20,000 bytes a page', async () => {
  const messages: unknown[] = [];
  const lab = await createLab({
    worker: 'here',
    waits: 'drill-waits',
    playbookId: 'compromised-credentials',
    attackerMakes: true,
    onAlert: (message) => void messages.push(message),
  });
  try {
    await setMode(lab, 'approve');
    lab.range.startActors();
    const pages = new Map<string, number>();
    const cast = await castOf(lab);
    const look = async (state: IncidentState): Promise<void> => {
      cast.act(state);
      for (const workflowId of [INCIDENT, CONTAINMENT, GUARD_WORKFLOW_ID])
        pages.set(workflowId, Math.max(pages.get(workflowId) ?? 0, await pageBytes(lab, workflowId)));
    };
    const played = await play(lab, { messages, look });
    const held = await lab.containment();
    const sizes = await historySizes(lab.session, played);
    process.stdout.write(
      `\nbudgets after a whole drill and its hold, ${held.checks} checks\n${sizes.map((size) => `${size.workflowId.padEnd(44)} ${sizeText(size)}`).join('\n')}\n`,
    );
    process.stdout.write(`${[...pages].map(([id, bytes]) => `${id.padEnd(44)} details ${bytes} of ${DETAILS_BYTES} bytes`).join('\n')}\n`);

    expect(sizes.filter(({ events, budgetEvents }) => events > budgetEvents)).toEqual([]);
    expect(sizes.filter(({ bytes, budgetBytes = Infinity }) => bytes > budgetBytes)).toEqual([]);
    expect(sizes).toHaveLength(4);
    expect([...pages.values()].every((bytes) => bytes > 0 && bytes <= DETAILS_BYTES)).toBe(true);
    expect(played.steps['recover']?.status).toBe('done');
  } finally {
    await lab.close();
  }
});

/** Plays until the incident has recovered, was held and closed. */
function play(
  lab: Lab,
  { messages, look }: { messages: unknown[]; look: (state: IncidentState) => Promise<void> },
): Promise<IncidentState> {
  const playOn = async (): Promise<IncidentState | undefined> => {
    for (const message of messages.splice(0)) await lab.receive(message);
    const state = await lab.incident().catch(() => undefined);
    if (state === undefined) return undefined;
    await look(state);
    return state.closing === undefined ? undefined : state;
  };
  return until('it is closed', playOn, { withinMs: 200_000, everyMs: 400 });
}

async function pageBytes({ session }: Lab, workflowId: string): Promise<number> {
  const { currentDetails } = await session.client.workflow.getHandle(workflowId).query(workflowMetadataQuery);
  return Buffer.byteLength(currentDetails ?? '');
}
