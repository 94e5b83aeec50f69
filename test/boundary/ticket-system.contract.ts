import { beforeEach, describe, expect, it } from 'vitest';
import type { TicketRef } from '../../src/contracts/ticket.js';
import type { TicketSystem } from '../../src/ports/ticket-system.js';
import { aSubTask, aTicket, HOSTILE, INCIDENT_ID } from '../fixtures/tickets.js';

/** What the suite needs of one system to look behind the port. */
export interface TicketSystemUnderTest {
  /** A clean system. */
  readonly reset: () => Promise<void>;
  /** The adapter as another worker has it. */
  readonly worker: () => TicketSystem;
  /** How many tickets there are. */
  readonly tickets: () => Promise<number>;
  /** Everything a reader of the ticket sees: description, history, standing. */
  readonly seen: (ticket: TicketRef) => Promise<{ text: string; status: string; attachments: [string, string][] }>;
  /** A sub-task as a reader sees it. */
  readonly seenSubTask: (ref: TicketRef) => Promise<{ text: string; done: boolean }>;
  /** A person sets a sub-task to done in the system itself. */
  readonly completeByHand: (ref: TicketRef, who: string) => Promise<void>;
  /** Takes a right away that everything needs. */
  readonly takeRightAway: () => Promise<void>;
  /** What of the text of a sink could act on its reader. */
  readonly active: RegExp;
}

const AT = '2026-03-01T12:00:00.000Z';
const FILE = { name: 'timeline.csv', mediaType: 'text/csv', bytes: Buffer.from('at,api\n') };

/** One suite for every ticket system (design 12): the port's promises, each called twice and by different workers. */
export function describeTicketSystem(name: string, system: TicketSystemUnderTest): void {
  const { worker, seen } = system;
  describe(name, () => {
    beforeEach(() => system.reset());

    describe('tickets', () => ticketTests(system));
    describe('sub-tasks', () => subTaskTests(system));

    it('adds each of 3 comments once and in order, whatever is repeated', async () => {
      const ticket = await worker().ensureTicket(aTicket());
      for (const n of [1, 2, 1, 3, 2, 3]) await worker().addComment(ticket, { commentId: `L${n}`, at: AT, lines: [`line number ${n}`] });

      const { text } = await seen(ticket);

      expect([...text.matchAll(/line number (\d)/g)].map(([, n]) => n)).toEqual(['1', '2', '3']);
    });

    it('follows open, in progress, closed and back to in progress; a repeat changes nothing', async () => {
      const ticket = await worker().ensureTicket(aTicket());
      const standing: string[] = [];
      for (const status of ['open', 'inProgress', 'inProgress', 'closed', 'closed', 'inProgress'] as const) {
        await worker().setStatus(ticket, status);
        standing.push((await seen(ticket)).status);
      }

      expect(standing).toEqual(['open', 'inProgress', 'inProgress', 'closed', 'closed', 'inProgress']);
    });

    it('attaches a file once per name, byte for byte', async () => {
      const ticket = await worker().ensureTicket(aTicket());
      for (let n = 0; n < 2; n += 1) await worker().attach(ticket, FILE);
      await worker().attach(ticket, { ...FILE, name: '../e vil\u202E.csv' });

      const { attachments } = await seen(ticket);

      expect(attachments[0]).toEqual(['timeline.csv', 'at,api\n']);
      expect(attachments.map(([file]) => file).filter((file) => !/^[\w.+=@-]+$/.test(file) || file.startsWith('.'))).toEqual([]);
      expect(attachments).toHaveLength(2);
    });

    it('says what is missing, and nothing when nothing is', async () => {
      expect(await worker().check()).toEqual([]);

      await system.takeRightAway();

      expect(await worker().check()).not.toEqual([]);
    });

    it.each(HOSTILE)('shows %j as text and nothing else, wherever it stands', async (hostile) => {
      const ticket = await worker().ensureTicket(
        aTicket({
          title: hostile,
          facts: [hostile],
          contacts: [hostile],
          categories: [hostile],
          links: [
            { title: hostile, url: hostile },
            { title: hostile, url: `javascript:${hostile}` },
          ],
        }),
      );
      const subTask = await worker().ensureSubTask(ticket, aSubTask({ title: hostile, lookAt: [hostile], owner: hostile }));
      await worker().addComment(ticket, { commentId: 'L1', at: AT, lines: [hostile] });

      const [page, task] = [await seen(ticket), await system.seenSubTask(subTask)];

      expect(page.text).not.toMatch(system.active);
      expect(task.text).not.toMatch(system.active);
      expect(`${page.text}${task.text}`).not.toMatch(/(?!\n)[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
      expect([page.status, task.done]).toEqual(['open', false]);
      expect(await worker().subTasks(ticket)).toMatchObject([{ taskId: 'T3', done: false }]);
    });
  });
}

function ticketTests({ worker, tickets, seen }: TicketSystemUnderTest): void {
  it('makes one ticket per incident, however often and by whomever it is asked', async () => {
    const refs = [
      await worker().ensureTicket(aTicket()),
      await worker().ensureTicket(aTicket()),
      await worker().ensureTicket(aTicket({ title: 'other' })),
    ];
    await worker().ensureTicket(aTicket({ incidentId: 'INC-20260301-ZZZZZZZZ' }));

    expect(new Set(refs.map(({ key }) => key)).size).toBe(1);
    expect(await tickets()).toBe(2);
    expect(URL.canParse(refs[0]?.url ?? '')).toBe(true);
  });

  it('shows classification, PLAYBOOK-P02-INC reference, facts, contacts and links', async () => {
    const { text, status } = await seen(await worker().ensureTicket(aTicket()));

    for (const part of [
      `PLAYBOOK-P02-${INCIDENT_ID}`,
      'HIGH',
      'Unauthorized Access',
      'Detect, Respond, Recover',
      'verdict confirmed',
      'ir-team@example.com',
      'Incident in Temporal UI',
      '2026-03-01T11:58:00.000Z',
    ])
      expect(text).toContain(part);
    expect(status).toBe('open');
  });

  it('refuses an incident id that would reach further than a name', async () => {
    for (const incidentId of ['../../etc', 'x" OR labels is not EMPTY --', 'a b', '.'])
      await expect(worker().ensureTicket(aTicket({ incidentId }))).rejects.toMatchObject({ type: 'InvalidPayload' });
    expect(await tickets()).toBe(0);
  });

  it('answers TargetNotFound for a ticket that is gone', async () => {
    const ticket = await worker().ensureTicket(aTicket());
    const gone = { ...ticket, key: ticket.key === INCIDENT_ID ? 'INC-20260301-GONEGONE' : 'SEC-999' };

    for (const call of [
      worker().addComment(gone, { commentId: 'L1', at: AT, lines: [] }),
      worker().setStatus(gone, 'closed'),
      worker().attach(gone, FILE),
      worker().subTasks(gone),
      worker().ensureSubTask(gone, aSubTask()),
    ])
      await expect(call).rejects.toMatchObject({ type: 'TargetNotFound', nonRetryable: true });
  });
}

function subTaskTests({ worker, seenSubTask, completeByHand }: TicketSystemUnderTest): void {
  it('makes one sub-task per task with owner, due time and what to look at', async () => {
    const ticket = await worker().ensureTicket(aTicket());
    const refs = [await worker().ensureSubTask(ticket, aSubTask()), await worker().ensureSubTask(ticket, aSubTask())];
    await worker().ensureSubTask(ticket, aSubTask({ taskId: 'T4' }));

    const { text } = await seenSubTask(refs[0] ?? ticket);

    expect(refs[0]).toEqual(refs[1]);
    expect((await worker().subTasks(ticket)).map(({ taskId, done }) => [taskId, done])).toEqual([
      ['T3', false],
      ['T4', false],
    ]);
    for (const part of ['T3', 'Attack vector analysis', 'Security Analyst', '2026-03-01T20:00:00.000Z', 'timeline in the evidence folder'])
      expect(text).toContain(part);
  });

  it('sees a sub-task that a person set to done, with the name', async () => {
    const ticket = await worker().ensureTicket(aTicket());
    const ref = await worker().ensureSubTask(ticket, aSubTask());
    await completeByHand(ref, 'Alex Analyst');

    expect(await worker().subTasks(ticket)).toEqual([{ taskId: 'T3', key: ref.key, done: true, doneBy: 'Alex Analyst' }]);
    expect(await worker().ensureSubTask(ticket, aSubTask())).toEqual(ref);
  });

  it('closes a sub-task once with how the task ended, also one that was never made before', async () => {
    const ticket = await worker().ensureTicket(aTicket());
    for (let n = 0; n < 2; n += 1) await worker().ensureSubTask(ticket, aSubTask({ closed: 'skipped: out of scope' }));
    const ref = await worker().ensureSubTask(ticket, aSubTask());

    const { text, done } = await seenSubTask(ref);

    expect(done).toBe(true);
    expect(text.match(/skipped: out of scope/g)).toHaveLength(1);
    expect(await worker().subTasks(ticket)).toMatchObject([{ taskId: 'T3', done: true }]);
  });

  it('keeps apart 60 sub-tasks', async () => {
    const ticket = await worker().ensureTicket(aTicket());
    for (let n = 1; n <= 60; n += 1) await worker().ensureSubTask(ticket, aSubTask({ taskId: `T${n}` }));

    const states = await worker().subTasks(ticket);

    expect(states.map(({ taskId }) => taskId)).toEqual(Array.from({ length: 60 }, (_, index) => `T${index + 1}`));
  });
}
