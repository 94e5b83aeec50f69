import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Incident } from './incident.js';
import { pump } from './pump.js';

/**
 * Runs the playbook until something closes it, or `pauseWhen` says that this run's history is long enough.
 *
 * @returns true when it closed.
 */
export async function pumpUntilClosed(incident: Incident, pauseWhen: () => boolean): Promise<boolean> {
  const scope = new CancellationScope();
  const running = scope
    .run(() => pump(incident))
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  await condition(() => incident.state.closing !== undefined || pauseWhen());
  const closing = incident.state.closing !== undefined;
  // What is under way when it closes (a last message) may end by itself; the next run of a long one starts from the state.
  if (closing) await condition(() => incident.run.inFlight === 0 && incident.run.outbox.length === 0);
  scope.cancel();
  await running;
  return closing;
}
