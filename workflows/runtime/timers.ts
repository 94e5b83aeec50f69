import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { pendingTimers } from '../../src/domain/engine/timers.js';
import type { Incident } from './incident.js';

/**
 * Makes the running timers those the state asks for: each pending rung one durable timer, with a label a manager reads.
 * A timer that fires decides nothing: it only makes the pump look at the state, which holds absolute times.
 */
export function syncTimers(incident: Incident): void {
  const { timers } = incident.run;
  const nowMs = Date.now();
  const wanted = new Map(pendingTimers(incident.state, nowMs).map((timer) => [`${timer.key}@${timer.atMs}`, timer]));
  for (const [key, running] of timers) {
    // One that is due fires by itself: its firing may already be on the way, and must not be cancelled.
    if (wanted.has(key) || running.atMs <= nowMs) continue;
    timers.delete(key);
    running.scope.cancel();
  }
  for (const [key, { atMs, summary }] of wanted) {
    if (timers.has(key)) continue;
    const scope = new CancellationScope();
    timers.set(key, { atMs, scope });
    void scope.run(() => fire(incident, { key, atMs, summary }));
  }
}

async function fire(incident: Incident, { key, atMs, summary }: { key: string; atMs: number; summary: string }): Promise<void> {
  try {
    await sleep(Math.max(1, atMs - Date.now()), { summary });
  } catch (error) {
    if (isCancellation(error)) return;
    throw error;
  }
  incident.run.timers.delete(key);
  incident.changed();
}
