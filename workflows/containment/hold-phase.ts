import { inForceOf } from '../../src/domain/engine/containment-view.js';
import { recheckMs } from '../../src/domain/engine/recheck.js';
import { letGo } from './let-go.js';
import { holdUntil } from './recover-phase.js';
import { undoOne } from './restore-phase.js';
import type { ContainmentRun } from './run.js';
import { lookupOnce, watchOnce } from './watch-phase.js';

/**
 * One round of the session hold: the revocation and the old keys are read back (what drifted is put back), CloudTrail is
 * read for calls by what should be dead. When the longest session has ended the revocation comes off; keys stay off.
 */
export async function holdPhase(run: ContainmentRun): Promise<void> {
  const { state } = run;
  const { configuration, gone } = await watchOnce(run, 'once');
  if (gone) return letGo(run, { reason: `${state.view.principal.arn} was deleted`, gone });
  const { result: found } = await lookupOnce(run, configuration);
  state.checks += 1;
  if (found?.lastSuccess !== undefined && found.lastSuccess.eventId !== state.recovery?.alarmedEventId) await alarm(run, found.lastSuccess);
  const until = holdUntil(run);
  const leftMs = Date.parse(until) - Date.now();
  if (leftMs <= 0) return release(run);
  // Counted from the revocation; never past the end of the hold.
  const ms = Math.min(leftMs, recheckMs(run.waits, Date.now() - Date.parse(state.recovery?.revokedAt ?? '')));
  const order = await run.nextOrder(ms, `session hold of ${state.view.principal.name} until ${until.slice(0, 19)} UTC`);
  if (order?.order === 'release') return letGo(run, order);
  // New credentials are out: the false-positive undo, which would re-arm the old key, no longer fits.
  if (order?.order === 'restore') await run.change({}, 'restore is refused during the session hold: the service has recovered');
}

type Success = { readonly eventId: string; readonly eventName: string; readonly eventAt: string; readonly accessKeyId: string };

async function alarm(run: ContainmentRun, { eventId, eventName, eventAt, accessKeyId }: Success): Promise<void> {
  const { state } = run;
  if (state.recovery !== undefined) state.recovery.alarmedEventId = eventId;
  const text = `${eventName} succeeded at ${eventAt} with ${accessKeyId} (event ${eventId}), which should be dead`;
  await run.change(
    {
      headline: `ALARM in the session hold: ${text}`,
      withdrawn: state.view.withdrawn + 1,
      needs: [
        {
          needId: `hold-${eventId}`,
          kind: 'retry',
          title: `A revoked credential of ${state.view.principal.name} was used: contain it again`,
          lookAt: [text],
          choices: ['retry'],
        },
      ],
    },
    `ALARM: ${text}`,
  );
}

async function release(run: ContainmentRun): Promise<void> {
  const { state } = run;
  const revoked = state.results.find(({ measure }) => measure === 'revokeSessions');
  if (revoked !== undefined && (await undoOne(run, revoked)) === 'otherwise') return;
  state.phase = 'done';
  const left = inForceOf(state.results, state.restored);
  await run.change(
    {
      state: 'released',
      headline: `released: recovered, sessions of before have ended${left.length === 0 ? '' : `; stays off: ${left.join(', ')}`}`,
      releasedAt: new Date().toISOString(),
      needs: [],
      inForce: left,
    },
    'the session hold has ended: released',
  );
}
