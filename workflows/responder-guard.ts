import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { parsePayload } from '../src/contracts/failures.js';
import { GuardInput, GuardRequest, type GuardState } from '../src/contracts/guard.js';
import { containmentOrderSignal, guardQuery, guardUpdate } from '../src/contracts/messages.js';
import { handleGuardRequest, newGuardState } from '../src/domain/engine/guard.js';
import { table, text } from '../src/domain/engine/markdown.js';

/** Updates are limited to 2,000 a run; a busy hour has a few hundred. */
const CONTINUE_AFTER_EVENTS = 3_000;

/**
 * The one guard of the installation: mode per account (default observe), stop and go, limits. Every containment
 * asks it before consents, before the first write and at each re-apply. Runs for ever.
 */
export async function responderGuard(raw: GuardInput): Promise<never> {
  const state = parsePayload(GuardInput, raw, 'guard').resume ?? newGuardState();

  setHandler(guardQuery, () => state);
  setHandler(
    guardUpdate,
    async (request) => {
      const answer = handleGuardRequest(state, request, Date.now());
      setCurrentDetails(details(state));
      if (request.do === 'go') await releaseWaiting(state);
      return answer;
    },
    { validator: (request) => void parsePayload(GuardRequest, request, 'guard request') },
  );
  setCurrentDetails(details(state));

  await condition(() => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > CONTINUE_AFTER_EVENTS);
  await condition(allHandlersFinished);
  return continueAsNew<typeof responderGuard>({ resume: state });
}

/** Tells every containment that was held. One that is gone needs no telling. */
async function releaseWaiting(state: GuardState): Promise<void> {
  const waiting = state.waiting.splice(0);
  await Promise.all(
    waiting.map(async (containmentId) => {
      try {
        await getExternalWorkflowHandle(containmentId).signal(containmentOrderSignal, { order: 'guardGo' });
      } catch (error) {
        log.info('a held containment is gone', { containmentId, error: String(error) });
      }
    }),
  );
}

function details(state: GuardState): string {
  const modes = Object.entries(state.modes).map(([account, mode]) => [text(account), mode]);
  const journal = state.journal.slice(-10).map((row) => [row.at, text(row.line)]);
  return [
    state.stopped
      ? `## STOPPED: ${text(state.stopReason ?? '')}\n\nNo write to AWS begins until \`tourniquet guard go\`. Undo still works.`
      : '## Writing allowed where the mode says so',
    table(['account', 'mode'], [...modes, ['every other', 'observe']]),
    `Limits: ${state.limits.perHour} containments an hour, ${state.limits.perAccountPerHour} per account; ${state.reservations.length} in the last hour`,
    state.waiting.length > 0 ? `Held: ${state.waiting.map((id) => text(id)).join(', ')}` : '',
    table(['when', 'what'], journal),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
