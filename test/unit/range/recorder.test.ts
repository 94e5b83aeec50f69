import { beforeAll, describe, expect, it } from 'vitest';
import { attributesOf, isAttribute } from '../../../src/range/cloudtrail/attributes.js';
import { createRecorder, type Delivery, type Recorder } from '../../../src/range/cloudtrail/recorder.js';
import { type CloudTrailRecord, startRange } from '../../../src/range/index.js';
import { createRandom } from '../../../src/range/random/random.js';

const DELAY_MS = 300_000;
const resources = [
  { ResourceType: 'AWS::IAM::Role', ResourceName: 'deploy-target' },
  { ResourceType: 'AWS::IAM::Role', ResourceName: 'arn:aws:iam::111122223333:role/deploy-target' },
];
let records: readonly CloudTrailRecord[];
let recorder: Recorder;

beforeAll(async () => {
  const range = await startRange({ seed: 3 });
  records = range.recorded().slice(0, 60);
  await range.stop();
});

/** Records a second apart from 0 on, each 300 s under way. */
function filled(deliveryOf: (index: number) => Delivery = () => ({ kind: 'normal' })): Recorder {
  const seconds = DELAY_MS / 1000;
  recorder = createRecorder({ random: createRandom(1), delay: { min: seconds, max: seconds } });
  for (const [index, record] of records.entries()) recorder.add({ record, resources, at: index * 1000 }, deliveryOf(index));
  return recorder;
}

const idsOf = (events: ReturnType<Recorder['delivered']>): string[] => events.map(({ record }) => record.eventID);

describe('records found by an attribute', () => {
  it('are at any time those delivered that have it, oldest first, each once', () => {
    const all = filled();
    const attributes = new Set(all.all().flatMap((event) => attributesOf(event).map((one) => JSON.stringify(one))));

    expect(records.length).toBe(60);
    for (const at of [0, DELAY_MS, DELAY_MS + 29_999, DELAY_MS + 60_000])
      for (const text of attributes) {
        const wanted = all.delivered(at).filter((event) => attributesOf(event).some((one) => JSON.stringify(one) === text));
        expect(idsOf(all.delivered(at, JSON.parse(text)))).toEqual(idsOf(wanted));
      }
    expect([0, DELAY_MS - 1, DELAY_MS, DELAY_MS + 29_999, DELAY_MS + 60_000].map((at) => all.delivered(at).length)).toEqual([
      0, 0, 1, 30, 60,
    ]);
  });

  it('are none for a value that nothing has, and for the value of another attribute', () => {
    const all = filled();
    const at = DELAY_MS + 60_000;
    const eventName = records[0]?.eventName ?? '';

    expect(all.delivered(at, { key: 'EventName', value: eventName }).length).toBeGreaterThan(0);
    expect(all.delivered(at, { key: 'Username', value: eventName })).toEqual([]);
    expect(all.delivered(at, { key: 'EventName', value: 'Nothing' })).toEqual([]);
    expect(all.delivered(at, { key: 'ResourceType', value: 'AWS::IAM::Role' })).toHaveLength(60);
  });

  it('leave a lost record out for ever, and a late one for 900 s more, then with the reason', () => {
    const all = filled((index) => (index === 0 ? { kind: 'lost' } : index === 1 ? { kind: 'late', seconds: 900 } : { kind: 'normal' }));
    const find = (index: number, at: number) => all.delivered(at, { key: 'EventId', value: records[index]?.eventID ?? '' });
    const lateAt = 1000 + DELAY_MS + 900_000;

    expect(find(0, Number.MAX_SAFE_INTEGER)).toEqual([]);
    expect(all.all()).toHaveLength(60);
    expect(find(1, lateAt - 1)).toEqual([]);
    expect(find(1, lateAt)).toMatchObject([{ record: { addendum: { reason: 'DELIVERY_DELAY' } } }]);
    expect(find(2, 2000 + DELAY_MS)).toHaveLength(1);
  });
});

describe('an attribute', () => {
  it('is one of CloudTrail’s eight', () => {
    const names = ['AccessKeyId', 'EventId', 'EventName', 'EventSource', 'ReadOnly', 'ResourceName', 'ResourceType', 'Username'];

    expect(names.every(isAttribute)).toBe(true);
    expect(['toString', 'SourceIp', 'eventName', ''].some(isAttribute)).toBe(false);
  });
});
