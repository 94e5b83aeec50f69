import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import type { RejectedMessage } from '../../../src/ports/rejected-store.js';
import { receiveAlert, type ReceiveDeps } from '../../../src/ingest/receive.js';
import { aFinding, golden, RECEIVED_AT, settingsWithFalcon } from './samples.js';

interface Start {
  readonly workflowId: string;
  readonly workflowIdReusePolicy: string;
  readonly taskQueue: string;
}

function fakes() {
  const starts: Start[] = [];
  const rejected: RejectedMessage[] = [];
  const start = (type: string, options: Start): Promise<void> => {
    if (starts.some(({ workflowId }) => workflowId === options.workflowId))
      throw new WorkflowExecutionAlreadyStartedError('again', options.workflowId, type);
    starts.push(options);
    return Promise.resolve();
  };
  const deps: ReceiveDeps = {
    authority: { signReceipt: (alert) => Promise.resolve({ ...alert, receipt: 'a.b.c' }) },
    rejected: { put: (message) => Promise.resolve(void rejected.push(message)), list: () => Promise.resolve(rejected) },
    client: { workflow: { start } } as unknown as Client,
    now: () => new Date(RECEIVED_AT),
  };
  return { deps, starts, rejected };
}

it('starts one intake for a message that is delivered 10 times', async () => {
  const { deps, starts } = fakes();

  const received = [];
  for (let delivery = 0; delivery < 10; delivery += 1) received.push(await receiveAlert(JSON.stringify(aFinding()), deps));

  expect(starts).toHaveLength(1);
  expect(starts[0]).toMatchObject({ taskQueue: 'tourniquet', workflowIdReusePolicy: 'REJECT_DUPLICATE' });
  expect(received.map((result) => result.accepted && result.intakes[0]?.duplicate)).toEqual([
    false,
    ...Array.from({ length: 9 }, () => true),
  ]);
});

it('keeps a message that is no alert, with the reason, and starts nothing', async () => {
  const { deps, starts, rejected } = fakes();

  const result = await receiveAlert('{"cut', deps);

  expect(result).toEqual({ accepted: false, reason: 'the message is JSON that ends too early' });
  expect(rejected).toMatchObject([{ receivedAt: RECEIVED_AT, bytes: 5, excerpt: '{"cut' }]);
  expect(starts).toHaveLength(0);
});

it('starts what a batch holds and keeps the reason for what it does not', async () => {
  const { deps, starts, rejected } = fakes();
  const batch = { Records: [aFinding(), { hello: 1 }].map((body) => ({ body: JSON.stringify(body) })) };

  const result = await receiveAlert(JSON.stringify(batch), deps);

  expect(result).toMatchObject({ accepted: true, intakes: [{ duplicate: false }] });
  expect(starts).toHaveLength(1);
  expect(rejected).toMatchObject([{ reason: 'parts that are no alerts: 1; no known source sends such a message' }]);
});

it('reads the settings anew for every message', async () => {
  const { deps } = fakes();
  const settings = await settingsWithFalcon();
  const falcon = JSON.stringify(golden('generic-falcon'));

  expect(await receiveAlert(falcon, deps)).toMatchObject({ accepted: false });
  expect(await receiveAlert(falcon, { ...deps, settings: () => Promise.resolve(settings) })).toMatchObject({
    accepted: true,
    intakes: [{ alert: { source: 'falcon' } }],
  });
});
