import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJiraTickets } from '../../src/adapters/tickets/jira/index.js';
import type { JiraTuning } from '../../src/adapters/tickets/jira/settings.js';
import type { TicketRef } from '../../src/contracts/ticket.js';
import type { TicketSystem } from '../../src/ports/ticket-system.js';
import { createUpdateTicket } from '../../activities/tickets/update-ticket.js';
import { FAULTS, type Fault } from '../fixtures/jira-stub/faults.js';
import { ACCOUNT, JiraStub, LAG_MS } from '../fixtures/jira-stub/stub.js';
import { textOf } from '../fixtures/jira-stub/rules.js';
import { aSubTask, aTicket, INCIDENT_ID } from '../fixtures/tickets.js';

/** Long enough for a busy machine; short where the row is that Jira is silent. */
const REQUEST_MS = 3_000;
const SILENT_MS = 120;
const MOST_ATTEMPTS = 6;
const COMMENT = { commentId: 'INC-L1', at: '2026-03-01T12:00:00.000Z', lines: ['contain: applied'] };
const FILE = { name: 'timeline.csv', mediaType: 'text/csv', bytes: Buffer.from('at,api\n') };

let stub: JiraStub;
beforeAll(async () => {
  stub = await JiraStub.start();
});
afterAll(() => stub.stop());
beforeEach(() => stub.reset());
afterEach(() => expect(stub.problems).toEqual([]));

/** A worker of its own each time: nothing is remembered between calls. */
function aWorker(tuning: JiraTuning = {}): TicketSystem {
  const { nowMs, sleep } = stub.clock;
  const settings = { url: stub.url, ...ACCOUNT, project: 'SEC', issueType: 'Task' };
  return createJiraTickets(settings, { nowMs, sleep, requestMs: REQUEST_MS, ...tuning });
}

/**
 * Calls as the workflow does: each attempt on another worker, waiting as long as the failure says (else 1 s, on the virtual
 * clock); after a permanent failure a person mends the cause and retries.
 */
async function untilDone<T>(
  call: (tickets: TicketSystem) => Promise<T>,
  tuning?: JiraTuning,
): Promise<{ value: T; failures: ApplicationFailure[] }> {
  const failures: ApplicationFailure[] = [];
  while (failures.length < MOST_ATTEMPTS) {
    try {
      return { value: await call(aWorker(tuning)), failures };
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      failures.push(error);
      await stub.clock.sleep(typeof error.nextRetryDelay === 'number' ? error.nextRetryDelay : 1_000);
    }
  }
  throw new Error(`not done after ${MOST_ATTEMPTS} attempts: ${failures.map(({ type }) => type).join(', ')}`);
}

/** Each operation from the same start: a ticket with the sub-task T1, everything long in the index. */
interface Case {
  readonly act: (tickets: TicketSystem, ticket: TicketRef) => Promise<unknown>;
  /** What Jira holds of it in the end; the one right answer is the same for every fault. */
  readonly held: () => unknown;
  readonly wanted: unknown;
}
const CASES: Readonly<Record<string, Case>> = {
  create: {
    act: (tickets) => tickets.ensureTicket(aTicket({ incidentId: 'INC-20260301-SECOND22' })),
    held: () => stub.store.tickets().map(({ key, fields }) => [key, fields['labels'].at(-1)]),
    wanted: [
      ['SEC-1', INCIDENT_ID],
      ['SEC-3', 'INC-20260301-SECOND22'],
    ],
  },
  comment: {
    act: (tickets, ticket) => tickets.addComment(ticket, COMMENT),
    held: () => stub.store.find('SEC-1')?.comments.map(({ body }) => textOf(body).split('\n')),
    wanted: [['2026-03-01T12:00:00.000Z', 'contain: applied', 'tourniquet INC-L1']],
  },
  transition: {
    act: (tickets, ticket) => tickets.setStatus(ticket, 'closed'),
    held: () => stub.store.find('SEC-1')?.histories.flatMap(({ items }) => items.map(({ toString }) => toString)),
    wanted: ['Finished', 'Under way'],
  },
  'sub-task': {
    act: (tickets, ticket) => tickets.ensureSubTask(ticket, aSubTask()),
    held: () => stub.store.subTasks().map(({ fields, status }) => [fields['summary'], status]),
    wanted: [
      ['T1 · Attack vector analysis', 'Backlog'],
      ['T3 · Attack vector analysis', 'Backlog'],
    ],
  },
  attach: {
    act: (tickets, ticket) => tickets.attach(ticket, FILE),
    held: () => stub.store.find('SEC-1')?.attachments.map(({ filename, bytes }) => [filename, Buffer.from(bytes).toString()]),
    wanted: [['timeline.csv', 'at,api\n']],
  },
};

async function aStart(): Promise<TicketRef> {
  stub.reset();
  const ticket = await aWorker().ensureTicket(aTicket());
  await aWorker().ensureSubTask(ticket, aSubTask({ taskId: 'T1' }));
  await stub.clock.sleep(60_000);
  stub.calls = [];
  return ticket;
}

function tuningFor({ answer }: Fault): JiraTuning {
  return answer === 'silence' ? { requestMs: SILENT_MS } : {};
}

/** A minute later: no request is under way any more. */
async function everythingLands(): Promise<void> {
  await stub.clock.sleep(60_000);
  await stub.landLate();
}

/** Strikes the first request of an operation, then the second …, until one run meets no fault. */
async function atEachRequest(one: Case, fault: Fault): Promise<number> {
  for (let at = 0; ; at += 1) {
    const ticket = await aStart();
    stub.inject({ fault, on: () => true, at });
    const { failures } = await untilDone((tickets) => one.act(tickets, ticket), tuningFor(fault));
    await everythingLands();
    expect(one.held(), `request ${at}`).toEqual(one.wanted);
    expect(stub.problems).toEqual([]);
    if (stub.struck === 0) return at;
    expect(failures[0], `request ${at}`).toMatchObject({ type: fault.failure });
    expect(failures[0]?.nextRetryDelay ?? undefined, `request ${at}`).toBe(fault.retryAfterMs);
    expect(JSON.stringify(failures.map(({ message, stack }) => [message, stack]))).not.toContain(ACCOUNT.token);
  }
}

describe.each(FAULTS)('$name', (fault) => {
  it.each(Object.keys(CASES))('at each request of %s: in the end exactly one of it', async (name) => {
    const one = CASES[name];

    const requests = one === undefined ? 0 : await atEachRequest(one, fault);

    // 3 of a create (search, search, create); the others look, note what they are about to do, and do it.
    expect(requests).toBeGreaterThanOrEqual(3);
  });
});

it('has a source for each of the 22 rows', () => {
  expect(FAULTS).toHaveLength(22);
  expect(FAULTS.filter(({ source }) => source.length < 10)).toEqual([]);
});

describe('negative controls', () => {
  const lostAnswer = FAULTS.find(({ name }) => name === 'no answer, done');
  const throttled = FAULTS.find(({ name }) => name === '429 with Retry-After in seconds');
  const on = (operationId: string): boolean => operationId === 'createIssue';

  it('without time for the search index a lost answer makes a second issue', async () => {
    if (lostAnswer !== undefined) stub.inject({ fault: lostAnswer, on });

    await untilDone((tickets) => tickets.ensureTicket(aTicket()), { settleMs: 0, requestMs: SILENT_MS });
    await everythingLands();

    expect(stub.store.tickets()).toHaveLength(2);
  });

  it('with time for it there is one, although the index lags 5 s', async () => {
    if (lostAnswer !== undefined) stub.inject({ fault: lostAnswer, on });

    await untilDone((tickets) => tickets.ensureTicket(aTicket()), { requestMs: SILENT_MS });

    expect(LAG_MS).toBe(5_000);
    expect(stub.store.tickets()).toHaveLength(1);
  });

  it('without time for a request under way a killed worker leaves a second comment', async () => {
    const late = FAULTS.find(({ effect }) => effect === 'late');
    const ticket = await aStart();
    if (late !== undefined) stub.inject({ fault: late, on: (operationId) => operationId === 'addComment' });

    await untilDone((tickets) => tickets.addComment(ticket, COMMENT), { lateMs: 0, requestMs: SILENT_MS });
    await everythingLands();

    expect(stub.store.find('SEC-1')?.comments).toHaveLength(2);
  });

  it('without Retry-After a throttled caller is never served', async () => {
    if (throttled !== undefined) stub.inject({ fault: throttled, on: () => true });
    const deaf: typeof fetch = async (...request) => {
      const response = await fetch(...request);
      const headers = new Headers(response.headers);
      headers.delete('retry-after');
      return new Response(response.body, { status: response.status, headers });
    };

    await expect(untilDone((tickets) => tickets.ensureTicket(aTicket()), { fetch: deaf })).rejects.toThrow(
      /not done after 6 attempts: Throttled/,
    );
    expect(stub.store.tickets()).toHaveLength(0);
  });

  it('with it the second attempt is served', async () => {
    if (throttled !== undefined) stub.inject({ fault: throttled, on: () => true });

    const { failures } = await untilDone((tickets) => tickets.ensureTicket(aTicket()));

    expect(failures.map(({ type, nextRetryDelay }) => [type, nextRetryDelay])).toEqual([['Throttled', 7_000]]);
    expect(stub.store.tickets()).toHaveLength(1);
  });
});

describe('a worker that is killed in the middle', () => {
  const late = FAULTS.find(({ effect }) => effect === 'late');
  const WRITES: Readonly<Record<string, string>> = {
    create: 'createIssue',
    comment: 'addComment',
    transition: 'doTransition',
    'sub-task': 'createIssue',
    attach: 'addAttachment',
  };

  it.each(Object.keys(CASES))('while its request of %s is under way: another worker at once, exactly one', async (name) => {
    const one = CASES[name];
    if (one === undefined || late === undefined) throw new Error('no such row');
    const ticket = await aStart();
    stub.inject({ fault: late, on: (operationId) => operationId === WRITES[name] });
    const dead = one.act(aWorker({ requestMs: 500 }), ticket).catch(() => undefined);
    await expect.poll(() => stub.struck, { interval: 5 }).toBe(1);

    await untilDone((tickets) => one.act(tickets, ticket));
    await everythingLands();

    expect(one.held()).toEqual(one.wanted);
    await dead;
  });
});

it('a step of an older move that lands late does not reopen a ticket that was closed meanwhile', async () => {
  const late = FAULTS.find(({ effect }) => effect === 'late');
  const ticket = await aStart();
  if (late !== undefined) stub.inject({ fault: late, on: (operationId) => operationId === 'doTransition' });
  await expect(aWorker({ requestMs: SILENT_MS }).setStatus(ticket, 'inProgress')).rejects.toMatchObject({ type: 'UpstreamUnavailable' });

  await aWorker().setStatus(ticket, 'closed');
  await everythingLands();

  expect(stub.struck).toBe(1);
  expect(stub.store.find('SEC-1')?.status).toBe('Finished');
});

describe('Jira down for its first 40 calls', () => {
  const down = FAULTS.find(({ name }) => name === '500, not done');

  it('then the ticket appears with the whole history, each thing once and in order', async () => {
    if (down !== undefined) stub.inject({ fault: down, on: () => true, times: 40 });
    const comments = [1, 2, 3, 4].map((n) => ({ ...COMMENT, commentId: `INC-L${n}`, lines: [`line ${n}`] }));
    const subTasks = ['T1', 'T2', 'T3']
      .map((taskId) => aSubTask({ taskId, ...(taskId === 'T1' ? { closed: 'done by hand' } : {}) }))
      .map(({ incidentId: _, ...rest }) => rest);
    const history = async (tickets: TicketSystem) => {
      const ticket = await tickets.ensureTicket(aTicket());
      return createUpdateTicket({ tickets })({ incidentId: INCIDENT_ID, ticket, status: 'inProgress', comments, subTasks });
    };

    let failed = 0;
    for (; failed < 60; failed += 1) {
      const state = await history(aWorker()).catch(() => undefined);
      if (state !== undefined) break;
      await stub.clock.sleep(1_000);
    }

    expect([failed, stub.struck]).toEqual([40, 40]);
    expect(stub.store.tickets()).toHaveLength(1);
    expect(stub.store.tickets()[0]?.status).toBe('Under way');
    expect(stub.store.tickets()[0]?.comments.map(({ body }) => textOf(body).split('\n')[1])).toEqual([
      'line 1',
      'line 2',
      'line 3',
      'line 4',
    ]);
    expect(stub.store.subTasks().map(({ fields, status }) => [fields['summary'].slice(0, 2), status])).toEqual([
      ['T1', 'Finished'],
      ['T2', 'Backlog'],
      ['T3', 'Backlog'],
    ]);
  });
});
