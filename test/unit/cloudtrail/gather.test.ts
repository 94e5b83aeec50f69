import { expect, it } from 'vitest';
import { createGatherer } from '../../../activities/investigate/gather-records.js';
import type { EventHistory, EventQuery } from '../../../src/ports/event-history.js';

const window = { account: '111122223333', fromMs: 0, toMs: 1000 };

/** A history that remembers what it was asked; `cutAt` names values whose reading does not reach the end. */
function aHistory({ cutAt = [] as readonly string[] } = {}): { history: EventHistory; asked: EventQuery[] } {
  const asked: EventQuery[] = [];
  const history: EventHistory = {
    regions: ['us-east-1', 'eu-central-1'],
    lookup: async (query) => {
      asked.push(query);
      const eventID = `${query.value}-${query.region}`;
      const record = { eventID, eventTime: '2026-11-22T10:00:00Z', eventName: 'GetUser', eventSource: 'iam.amazonaws.com' };
      const shared = { ...record, eventID: 'shared' };
      const common = { awsRegion: query.region, sourceIPAddress: '', userAgent: '', userIdentity: {} };
      return {
        records: [
          { ...common, ...record },
          { ...common, ...shared },
        ],
        pages: 2,
        complete: !cutAt.includes(query.value),
        requestIds: [eventID],
      };
    },
  };
  return { history, asked };
}

it('asks each question once in each region however often the gathering widens, and keeps each event once', async () => {
  const { history, asked } = aHistory();
  const gatherer = createGatherer(history);
  const first = await gatherer.gather({ ...window, userNames: ['ci-deploy'], accessKeyIds: ['AKIA1'] });

  const second = await gatherer.gather({ ...window, userNames: ['ci-deploy', 'svc'], accessKeyIds: ['AKIA1'], resourceNames: ['svc'] });

  expect(asked.map(({ region, attribute, value }) => `${region} ${attribute} ${value}`).toSorted()).toEqual([
    'eu-central-1 AccessKeyId AKIA1',
    'eu-central-1 ResourceName svc',
    'eu-central-1 Username ci-deploy',
    'eu-central-1 Username svc',
    'us-east-1 AccessKeyId AKIA1',
    'us-east-1 ResourceName svc',
    'us-east-1 Username ci-deploy',
    'us-east-1 Username svc',
  ]);
  expect(first).toMatchObject({ pages: 8, complete: true, notes: [] });
  expect(second).toMatchObject({ pages: 16, complete: true });
  expect(second.records).toHaveLength(7);
  expect(second.requestIds).toHaveLength(8);
});

it('yields to proof unless it is as urgent itself', async () => {
  const { history, asked } = aHistory();

  await createGatherer(history).gather({ ...window, userNames: ['a'], accessKeyIds: [] });
  await createGatherer(history).gather({ ...window, userNames: ['b'], accessKeyIds: [], priority: 'proof' });

  expect(asked.map(({ value, priority }) => `${value} ${priority}`)).toEqual(['a investigation', 'a investigation', 'b proof', 'b proof']);
});

it('names each reading that did not reach the end, and stays incomplete', async () => {
  const { history } = aHistory({ cutAt: ['busy'] });
  const gatherer = createGatherer(history);
  await gatherer.gather({ ...window, userNames: ['busy'], accessKeyIds: [] });

  const later = await gatherer.gather({ ...window, userNames: ['busy', 'quiet'], accessKeyIds: [] });

  expect(later.complete).toBe(false);
  expect(later.notes.toSorted()).toEqual([
    'eu-central-1: only the newest 1000 events of Username busy',
    'us-east-1: only the newest 1000 events of Username busy',
  ]);
});

it('asks again what failed', async () => {
  const { history, asked } = aHistory();
  let fails = true;
  const gatherer = createGatherer({
    ...history,
    lookup: async (query) => {
      if (fails) throw new Error('throttled');
      return history.lookup(query);
    },
  });
  await gatherer.gather({ ...window, userNames: ['a'], accessKeyIds: [] }).catch(() => undefined);
  fails = false;

  const again = await gatherer.gather({ ...window, userNames: ['a'], accessKeyIds: [] });

  expect(asked).toHaveLength(2);
  expect(again.records).toHaveLength(3);
});
