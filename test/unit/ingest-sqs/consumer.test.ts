import { Client, Connection, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { permanent, transient } from '../../../src/contracts/failures.js';
import { receiveAlert, type ReceiveDeps } from '../../../src/ingest/receive.js';
import { aFinding } from '../ingest/samples.js';
import { ACCEPTED, aRig, type Rig } from './rig.js';

let rig: Rig;
beforeEach(async () => {
  rig = await aRig();
});
afterEach(() => rig.stop());

const finding = (id: string): string => JSON.stringify(aFinding({ detail: { id } }));
const UNAVAILABLE = { kind: 'error', code: 'ServiceUnavailable', status: 503 } as const;
const EMPTY = { visible: 0, hidden: 0 };

/** `receiveAlert` itself, over what remembers the started workflows by id. */
function intake(started: string[] = []) {
  const start = (_type: string, { workflowId }: { workflowId: string }): Promise<void> => {
    if (started.includes(workflowId)) throw new WorkflowExecutionAlreadyStartedError('again', workflowId, 'alertIntake');
    started.push(workflowId);
    return Promise.resolve();
  };
  return (body: string) => receiveAlert(body, depsWith({ workflow: { start } } as unknown as Client));
}

function depsWith(client: Client): ReceiveDeps {
  return {
    authority: { signReceipt: (alert) => Promise.resolve({ ...alert, receipt: 'a.b.c' }) },
    rejected: { put: (message) => Promise.resolve(void rig.rejected.push(message)), list: () => Promise.resolve([]) },
    client,
    now: () => new Date(rig.clock.now()),
  };
}

/** A promise that a test decides. */
function held<T>() {
  let release: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (release = resolve));
  return { promise, release };
}

describe('the consumer', () => {
  it('hands 25 alerts to Temporal, several at once, and deletes each', async () => {
    const started: string[] = [];
    for (let index = 0; index < 25; index += 1) await rig.send(finding(`finding-${index}`));

    const consumer = rig.start({ receive: intake(started) });
    await rig.until(() => consumer.counters().accepted === 25);

    expect(new Set(started).size).toBe(25);
    expect(consumer.counters()).toEqual({ received: 25, accepted: 25, duplicate: 0, rejected: 0, left: 0 });
    expect(await rig.waiting()).toEqual(EMPTY);
  });

  it('takes an alert that comes during a long poll without waiting for its end', async () => {
    const consumer = rig.start({ receive: intake() });
    await rig.settle();

    await rig.send(finding('late'));
    await rig.until(() => consumer.counters().accepted === 1, 0);

    expect(consumer.counters().accepted).toBe(1);
  });

  it('works on no more messages at a time than it may', async () => {
    const gate = held<void>();
    let busy = 0;
    let most = 0;
    for (let index = 0; index < 8; index += 1) await rig.send(finding(`finding-${index}`));

    const consumer = rig.start({
      atOnce: 3,
      receive: async () => {
        busy += 1;
        most = Math.max(most, busy);
        await gate.promise;
        busy -= 1;
        return ACCEPTED;
      },
    });
    await rig.pass(2);
    gate.release();
    await rig.until(() => consumer.counters().duplicate === 8);

    expect(most).toBe(3);
    expect(consumer.counters().received).toBe(8);
    expect(await rig.waiting()).toEqual(EMPTY);
  });

  it('keeps a message hidden from others for the 200 seconds that its reception takes, and deletes it then', async () => {
    const gate = held<void>();
    let calls = 0;
    await rig.send(finding('slow'));

    const consumer = rig.start({
      receive: async () => {
        calls += 1;
        await gate.promise;
        return ACCEPTED;
      },
    });
    await rig.pass(200);
    const meanwhile = await rig.waiting();
    gate.release();
    await rig.until(() => consumer.counters().duplicate === 1, 0);

    expect(meanwhile).toEqual({ visible: 0, hidden: 1 });
    expect([calls, consumer.counters().received]).toEqual([1, 1]);
    expect(await rig.waiting()).toEqual(EMPTY);
  });

  it('finds an alert that a killed worker had handed over to be there already, and deletes it', async () => {
    const started: string[] = [];
    await rig.send(finding('once'));
    // Gone between the start of the workflow and the delete: it never hears of the answer.
    const first = rig.start({ receive: (body) => intake(started)(body).then(() => new Promise<never>(() => undefined)) });
    await rig.settle();
    void first.stop();

    const second = rig.start({ receive: intake(started) });
    await rig.until(() => second.counters().duplicate === 1, 62);

    expect(started).toHaveLength(1);
    expect(second.counters()).toMatchObject({ received: 1, duplicate: 1, accepted: 0 });
    expect(await rig.waiting()).toEqual(EMPTY);
  });

  it('finishes what is under way when it is stopped, and receives nothing more', async () => {
    const gate = held<void>();
    await rig.send(finding('under-way'));
    const consumer = rig.start({ receive: () => gate.promise.then(() => ACCEPTED) });
    await rig.settle();

    const stopped = consumer.stop();
    await rig.settle();
    await rig.send(finding('too-late'));
    gate.release();
    await stopped;

    expect(consumer.counters()).toMatchObject({ received: 1, duplicate: 1 });
    expect(await rig.waiting()).toEqual({ visible: 1, hidden: 0 });
  });

  it('ends 10 seconds after it was stopped although a message is under way, which comes again later', async () => {
    await rig.send(finding('hangs'));
    const consumer = rig.start({ receive: () => new Promise<never>(() => undefined) });
    await rig.settle();

    let isEnded = false;
    const stopped = consumer.stop().then(() => (isEnded = true));
    await rig.pass(9);
    const before = isEnded;
    await rig.pass(1);
    await stopped;
    await rig.pass(60);

    expect(before).toBe(false);
    expect(await rig.waiting()).toEqual({ visible: 1, hidden: 0 });
  });
});

describe('while Temporal is away', () => {
  it('leaves the alerts in the queue, asks for Temporal only, and hands over all of them once it is back', async () => {
    // Without the SDK's own retries, which take 20 real seconds.
    const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
    const away = depsWith(new Client({ connection }));
    const started: string[] = [];
    let isBack = false;
    let questions = 0;
    for (let index = 0; index < 12; index += 1) await rig.send(finding(`finding-${index}`));

    const consumer = rig.start({
      receive: (body) => (isBack ? intake(started)(body) : receiveAlert(body, away)),
      temporalAnswers: () => {
        questions += 1;
        return Promise.resolve(isBack);
      },
    });
    await rig.until(() => consumer.counters().left >= 10);
    await rig.pass(150);
    const during = { ...(await rig.waiting()), ...consumer.counters() };
    isBack = true;
    await rig.until(() => consumer.counters().accepted === 12, 130);
    await connection.close();

    expect(during.visible + during.hidden).toBe(12);
    expect(during).toMatchObject({ accepted: 0, rejected: 0 });
    // All that was received before the outage showed; nothing more in the 150 seconds of it.
    expect(during.received).toBeLessThanOrEqual(12);
    expect(questions).toBeGreaterThan(5);
    expect(new Set(started).size).toBe(12);
    expect(rig.rejected).toEqual([]);
    expect(await rig.waiting()).toEqual(EMPTY);
    expect(rig.logged.filter((line) => line.includes('Temporal does not take calls'))).toHaveLength(1);
    expect(rig.logged.filter((line) => line.includes('Temporal takes calls again'))).toHaveLength(1);
  });

  it.each([
    ['a transient failure', transient('UpstreamUnavailable', 'away')],
    ['a full disk', Object.assign(new Error('no space left'), { code: 'ENOSPC' })],
    ['a broken connection', new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })],
    ['a missing permission of our own', permanent('PermissionDenied', 'may not sign')],
  ])('never gives a message up for %s', async (_what, error) => {
    await rig.send(finding('stays'));

    const consumer = rig.start({ receive: () => Promise.reject(error) });
    await rig.pass(200);

    expect(consumer.counters().left).toBeGreaterThan(5);
    expect(rig.rejected).toEqual([]);
    expect(await rig.inQueue()).toBe(1);
  });
});

describe('a message that is no alert', () => {
  it('is kept with the reason and deleted, and the log has the reason and nothing of the message', async () => {
    await rig.send('{"secret-marker": "AKIAPLANTEDPLANTED00');

    const consumer = rig.start({ receive: intake() });
    await rig.until(() => consumer.counters().rejected === 1);

    expect(rig.rejected).toMatchObject([{ reason: 'the message is JSON that ends too early', bytes: 39 }]);
    expect(consumer.counters()).toMatchObject({ received: 1, rejected: 1 });
    expect(await rig.waiting()).toEqual(EMPTY);
    expect(rig.logged.join('')).toContain('the message is JSON that ends too early');
    expect(rig.logged.join('')).not.toMatch(/secret-marker|PLANTED/);
  });

  it('is given up after 5 attempts when Temporal will never take it, and keeps no other back', async () => {
    const started: string[] = [];
    let attempts = 0;
    await rig.send('poison AKIAPLANTEDPLANTED00');
    await rig.send(finding('healthy'));

    const consumer = rig.start({
      receive: (body) => {
        if (!body.startsWith('poison')) return intake(started)(body);
        attempts += 1;
        return Promise.reject(permanent('InvalidPayload', `no such thing as ${body}`));
      },
    });
    await rig.until(() => consumer.counters().rejected === 1 && consumer.counters().accepted === 1, 40);

    expect(attempts).toBe(5);
    expect(started).toHaveLength(1);
    expect(rig.rejected).toMatchObject([
      { reason: 'the alert could not be taken in: InvalidPayload', excerpt: 'poison AKIAPLANTEDPLANTED00' },
    ]);
    expect(consumer.counters()).toEqual({ received: 6, accepted: 1, duplicate: 0, rejected: 1, left: 4 });
    expect(await rig.waiting()).toEqual(EMPTY);
    expect(rig.logged.join('')).not.toContain('PLANTED');
  });

  it('stays in the queue when it cannot be kept elsewhere', async () => {
    await rig.send('poison');

    rig.start({
      receive: () => Promise.reject(permanent('InvalidPayload', 'no')),
      rejected: { put: () => Promise.reject(new Error('disk full')) },
    });
    await rig.pass(60);

    expect(await rig.inQueue()).toBe(1);
    expect(rig.logged.join('')).toContain('could not be kept');
  });
});

describe('an outage of SQS', () => {
  it('is waited out with one line in the log, and every alert arrives then', async () => {
    const started: string[] = [];
    rig.range.faults.add({ id: 'away', match: { api: 'sqs:ReceiveMessage' }, effect: UNAVAILABLE });
    await rig.send(finding('patient'));

    const consumer = rig.start({ receive: intake(started) });
    await rig.pass(90);
    const during = consumer.counters().received;
    rig.range.faults.clear();
    await rig.until(() => consumer.counters().accepted === 1, 61);

    expect([during, started.length]).toEqual([0, 1]);
    expect(rig.logged.filter((line) => line.includes('SQS does not take calls'))).toHaveLength(1);
    expect(rig.logged.filter((line) => line.includes('SQS takes calls again'))).toHaveLength(1);
  });

  it('that loses the delete makes a duplicate of the alert, which is deleted then', async () => {
    const started: string[] = [];
    rig.range.faults.add({ id: 'away', match: { api: 'sqs:DeleteMessage' }, effect: UNAVAILABLE });
    await rig.send(finding('twice'));

    const consumer = rig.start({ receive: intake(started) });
    await rig.until(() => consumer.counters().accepted === 1);
    rig.range.faults.clear();
    await rig.until(() => consumer.counters().duplicate === 1, 62);

    expect(started).toHaveLength(1);
    expect(consumer.counters()).toMatchObject({ received: 2, accepted: 1, duplicate: 1 });
    expect(await rig.waiting()).toEqual(EMPTY);
  });
});
