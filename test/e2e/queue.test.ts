import { join } from 'node:path';
import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect } from 'vitest';
import { createSqsClient } from '../../src/adapters/aws/sqs-client.js';
import { createFileRejectedStore } from '../../src/adapters/rejected/file.js';
import { aHealthEvent } from './alerts.js';
import { test, type Stage } from './stage.js';
import { until } from './until.js';

describe.concurrent('alerts through the queue', () => {
  test('open an incident and leave the queue, one delivered twice starts nothing, and rubbish is kept with the reason', async ({
    setStage,
  }) => {
    const stage = await setStage({ range: { alertQueue: 'alerts' } });
    const event = aHealthEvent(await stage.newUser('reports'));
    const QueueUrl = stage.env.alertQueueUrl ?? '';
    const sqs = createSqsClient({ endpoint: stage.range.endpoint, credentials: stage.range.identities.admin }, 'us-east-1');
    for (const body of [event, event, { hello: 'world' }])
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));

    const workflowId = 'incident/111122223333/user/reports';
    const { alerts } = await until('the incident is open', () => stage.incident(workflowId).catch(() => undefined));
    await until('the queue is empty', async () => ((await left(sqs, QueueUrl)) === 0 ? true : undefined));
    const rejected = await createFileRejectedStore(join(stage.env.dataDir, 'rejected')).list(10);

    expect(alerts).toMatchObject({ total: 1, bySource: { 'aws-health': 1 } });
    expect(await intakes(stage)).toBe(1);
    expect(rejected.map(({ reason }) => reason)).toEqual(['no known source sends such a message']);
  });
});

/** Messages in the queue, those under way included. */
async function left(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }));
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

async function intakes({ session }: Stage): Promise<number> {
  return (await session.client.workflow.count("WorkflowType = 'alertIntake'")).count;
}
