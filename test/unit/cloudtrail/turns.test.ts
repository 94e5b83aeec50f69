import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTurns } from '../../../src/adapters/cloudtrail/turns.js';

const GAP_MS = 550;
/** Of the faked timers. */
const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

describe('turns', () => {
  let at: { name: string; ms: number }[];
  let startMs: number;
  beforeEach(() => {
    vi.useFakeTimers();
    at = [];
    startMs = Date.now();
  });
  afterEach(() => void vi.useRealTimers());

  /** Asks for a turn and notes when it came. */
  function asks(turns: ReturnType<typeof createTurns>, name: string, { key = 'account/us-east-1' } = {}): void {
    const priority = name.startsWith('proof') ? 'proof' : 'investigation';
    void turns(key, priority).then(() => at.push({ name, ms: Date.now() - startMs }));
  }

  it('come 550 ms apart, in the order they were asked for', async () => {
    const turns = createTurns(GAP_MS, delay);
    for (const name of ['proof 1', 'proof 2', 'proof 3']) asks(turns, name);

    await vi.advanceTimersByTimeAsync(5000);

    expect(at).toEqual([
      { name: 'proof 1', ms: 0 },
      { name: 'proof 2', ms: 550 },
      { name: 'proof 3', ms: 1100 },
    ]);
  });

  it('go to proof before investigation, however long the investigation has waited', async () => {
    const turns = createTurns(GAP_MS, delay);
    for (let one = 1; one <= 5; one += 1) asks(turns, `look ${one}`);
    await vi.advanceTimersByTimeAsync(600);
    asks(turns, 'proof 1');
    asks(turns, 'proof 2');

    await vi.advanceTimersByTimeAsync(5000);

    expect(at.map(({ name }) => name)).toEqual(['look 1', 'look 2', 'proof 1', 'proof 2', 'look 3', 'look 4', 'look 5']);
    expect(at.map(({ ms }) => ms)).toEqual([0, 550, 1100, 1650, 2200, 2750, 3300]);
  });

  it('keep the gap after a pause, and make nobody wait when the gap is long over', async () => {
    const turns = createTurns(GAP_MS, delay);
    asks(turns, 'proof 1');
    await vi.advanceTimersByTimeAsync(100);
    asks(turns, 'proof 2');
    await vi.advanceTimersByTimeAsync(2000);
    asks(turns, 'look 3');

    await vi.advanceTimersByTimeAsync(0);

    expect(at).toEqual([
      { name: 'proof 1', ms: 0 },
      { name: 'proof 2', ms: 550 },
      { name: 'look 3', ms: 2100 },
    ]);
  });

  it('are counted by account and region: another region does not wait', async () => {
    const turns = createTurns(GAP_MS, delay);
    asks(turns, 'proof 1');
    asks(turns, 'proof 2', { key: 'account/eu-central-1' });

    await vi.advanceTimersByTimeAsync(0);

    expect(at.map(({ ms }) => ms)).toEqual([0, 0]);
  });
});
