import { GetUserCommand, PutUserPolicyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createVirtualClock,
  startRange,
  type LedgerEntry,
  type Range,
  type RangeOptions,
  type VirtualClock,
} from '../../../src/range/index.js';
import { clientsFor, errorOf, lastRecordOf, policyText } from './clients.js';

const START = Date.UTC(2026, 10, 2, 9, 0, 0);
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString().replace('.000Z', 'Z');

let range: Range;
afterEach(() => range.stop());

async function rangeWith(options: RangeOptions): Promise<VirtualClock> {
  const clock = createVirtualClock(START);
  vi.spyOn(clock, 'sleep');
  range = await startRange({ clock, propagationSeconds: { min: 0, max: 0 }, ...options });
  return clock;
}

/** Resolves when so many calls in all have set out. */
async function underWay(clock: VirtualClock, calls: number): Promise<void> {
  await vi.waitFor(() => expect(clock.sleep).toHaveBeenCalledTimes(calls));
}

describe('latency', () => {
  it('of 3 s judges, performs and records a call 3 s after it set out', async () => {
    const clock = await rangeWith({ latencySeconds: { min: 3, max: 3 } });
    const answered = vi.fn();
    const call = errorOf(clientsFor(range, range.identities.admin).iam.send(new GetUserCommand({}))).then(answered);
    await underWay(clock, 1);

    await clock.advance(2999);
    const early = answered.mock.calls.length;
    await clock.advance(1);
    await call;

    expect(early).toBe(0);
    expect(answered).toHaveBeenCalledWith('no error');
    expect(lastRecordOf(range, 'GetUser')?.eventTime).toBe(at(3));
  });

  it('lets a call that set out in time meet a key that was switched off under way', async () => {
    const clock = await rangeWith({ latencySeconds: { min: 3, max: 3 } });
    const { accessKeyId: AccessKeyId } = range.identities.leaked;
    const off = new UpdateAccessKeyCommand({ UserName: 'ci-deploy', AccessKeyId, Status: 'Inactive' });
    const switched = clientsFor(range, range.identities.admin).iam.send(off);
    await underWay(clock, 1);
    await clock.advance(1000);
    const late = errorOf(clientsFor(range, range.identities.leaked).iam.send(new GetUserCommand({})));
    await underWay(clock, 2);

    await clock.advance(3000);
    await switched;

    expect(await late).toBe('InvalidClientTokenId');
  });

  it('puts two calls in the order in which they arrive', async () => {
    const clock = await rangeWith({ latencySeconds: { min: 1, max: 9 } });
    const { iam } = clientsFor(range, range.identities.admin);
    const put = (PolicyName: string) =>
      iam.send(new PutUserPolicyCommand({ UserName: 'dana', PolicyName, PolicyDocument: policyText('Deny', 's3:*') }));
    const first = put('first');
    await underWay(clock, 1);
    const second = put('second');
    await underWay(clock, 2);

    await clock.advance(9000);
    await Promise.all([first, second]);

    const durations = vi.mocked(clock.sleep).mock.calls.map(([ms]) => ms);
    const order = range.writesBy(range.identities.admin.accessKeyId).map(({ at: time }) => Date.parse(time) - START);
    expect(order).toEqual(durations.toSorted((left, right) => left - right));
  });

  it('is nothing by default', async () => {
    const clock = await rangeWith({});

    await clientsFor(range, range.identities.admin).iam.send(new GetUserCommand({}));

    expect(clock.sleep).not.toHaveBeenCalled();
  });
});

describe('actors under latency', () => {
  const play = async (): Promise<readonly LedgerEntry[]> => {
    const clock = await rangeWith({ latencySeconds: { min: 0.2, max: 2 } });
    range.startActors();
    await clock.advance(60_000);
    await range.stopActors();
    return range.ledger();
  };

  it('do not hold the virtual clock still, and act the same way twice', async () => {
    const [first, second] = [await play(), await play()];

    expect(first.length).toBeGreaterThan(20);
    expect(second).toEqual(first);
  });

  it('are stopped while their calls are under way, without any time passing', async () => {
    const clock = await rangeWith({ latencySeconds: { min: 3600, max: 3600 } });
    range.startActors(['benign']);
    await clock.advance(60_000);

    await range.stopActors();

    expect(clock.now()).toBe(START + 60_000);
    expect(range.ledger().length).toBeGreaterThan(0);
  });
});
