import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import { createAttachToTicket } from '../../activities/tickets/attach-to-ticket.js';
import { createCreateTicket } from '../../activities/tickets/create-ticket.js';
import { createUpdateTicket } from '../../activities/tickets/update-ticket.js';
import { createFileEvidenceStore } from '../../src/adapters/evidence/file.js';
import { createMarkdownTickets } from '../../src/adapters/tickets/markdown/index.js';
import { SubTask, type TicketUpdate } from '../../src/contracts/ticket.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import type { TicketSystem } from '../../src/ports/ticket-system.js';
import { aSubTask, aTicket, INCIDENT_ID } from '../fixtures/tickets.js';

const AT = '2026-03-01T12:00:00.000Z';
let tickets: TicketSystem;
let working: EvidenceStore;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-tickets-'));
  tickets = createMarkdownTickets(join(folder, 'tickets'));
  working = createFileEvidenceStore(join(folder, 'working'));
});

async function anUpdate(change: Partial<TicketUpdate> = {}): Promise<TicketUpdate> {
  const ticket = await createCreateTicket({ tickets })(aTicket());
  const subTasks = ['T1', 'T2'].map((taskId) => aSubTask({ taskId })).map(({ incidentId: _, ...subTask }) => subTask);
  return {
    incidentId: INCIDENT_ID,
    ticket,
    status: 'inProgress',
    comments: [{ commentId: 'L1', at: AT, lines: ['applied'] }],
    subTasks,
    ...change,
  };
}

it('updateTicket brings sub-tasks, comments and status, and answers how the sub-tasks stand', async () => {
  const update = await anUpdate();

  const states = [await createUpdateTicket({ tickets })(update), await createUpdateTicket({ tickets })(update)];

  expect(states[0]?.subTasks.map(({ taskId, done }) => [taskId, done])).toEqual([
    ['T1', false],
    ['T2', false],
  ]);
  expect(states[1]).toEqual(states[0]);
  const text = await readFile(fileURLToPath(update.ticket.url), 'utf8');
  expect(text).toMatch(/^- Status: in progress$/m);
  expect(text.match(/applied/g)).toHaveLength(1);
});

it('updateTicket goes on where it was cut off: a channel that dies at any call leaves each thing once', async () => {
  const update = await anUpdate({
    subTasks: [SubTask.parse({ taskId: 'T1', title: 'Impact', lookAt: [], owner: 'Analyst', closed: 'done by hand' })],
  });
  let calls = 0;
  const fragile = (dieAt: number): TicketSystem =>
    new Proxy(tickets, {
      get: (target, name) => {
        const method = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          const result = await method.apply(target, given);
          calls += 1;
          // After the effect: the answer is lost.
          if (calls === dieAt) throw new Error('lost');
          return result;
        };
      },
    });
  let runs = 0;
  for (let dieAt = 1; ; dieAt += 1) {
    calls = 0;
    runs += 1;
    const state = await createUpdateTicket({ tickets: fragile(dieAt) })(update).catch(() => undefined);
    if (state !== undefined) break;
  }

  expect(runs).toBeGreaterThan(3);
  expect(await tickets.subTasks(update.ticket)).toMatchObject([{ taskId: 'T1', done: true }]);
  const text = await readFile(fileURLToPath(update.ticket.url), 'utf8');
  expect(text.match(/applied/g)).toHaveLength(1);
});

it('attachToTicket takes the bytes from the store and refuses ones that have changed', async () => {
  const { ticket } = await anUpdate();
  const ref = await working.put('INC-1/timeline.csv', Buffer.from('at,api\n'));
  const attach = createAttachToTicket({ tickets, working });

  await attach({ ticket, name: 'timeline.csv', mediaType: 'text/csv', ref });

  expect(await readFile(join(fileURLToPath(ticket.url), '..', 'attachments', 'timeline.csv'), 'utf8')).toBe('at,api\n');
  await expect(attach({ ticket, name: 'b.csv', mediaType: 'text/csv', ref: { ...ref, sha256: '0'.repeat(64) } })).rejects.toMatchObject({
    type: 'PreconditionFailed',
  });
  await expect(attach({ ticket, name: 'b.csv', mediaType: 'text/csv\r\nX: y', ref })).rejects.toMatchObject({ type: 'InvalidPayload' });
});

it('refuses inputs that are not theirs', async () => {
  await expect(createCreateTicket({ tickets })({} as never)).rejects.toMatchObject({ type: 'InvalidPayload', nonRetryable: true });
  await expect(createUpdateTicket({ tickets })({ ...(await anUpdate()), status: 'gone' } as never)).rejects.toMatchObject({
    type: 'InvalidPayload',
  });
});
