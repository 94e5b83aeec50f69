import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { parsePayload } from '../src/contracts/failures.js';
import { scpQuery, scpUpdate } from '../src/contracts/messages.js';
import { ScpChange, ScpInput, type ScpOutcome, type ScpState } from '../src/contracts/quarantine-scp.js';
import { newScpState, scpDetails, takeOutcome } from '../src/domain/engine/quarantine-scp.js';
import { toInstant } from '../src/domain/engine/time.js';
import { writeScp } from './runtime/activities.js';

/** Updates are limited to 2,000 a run. */
const CONTINUE_AFTER_EVENTS = 3_000;
/** More waiting changes than this go with the next write. */
const CHANGES_PER_WRITE = 40;

interface Waiting {
  readonly change: ScpChange;
  outcome?: ScpOutcome;
  error?: unknown;
}

/**
 * The only writer of one quarantine SCP (design 7): changes that arrive while one write is under way go together with the next,
 * so that no entry is lost however many incidents write at once. The policy itself is the truth; the state here is its page. Runs for ever.
 */
export async function quarantineScp(raw: ScpInput): Promise<never> {
  const { policyId, resume } = parsePayload(ScpInput, raw, 'quarantine SCP');
  const state = resume ?? newScpState(policyId);
  const queue: Waiting[] = [];

  setHandler(scpQuery, () => state);
  setHandler(
    scpUpdate,
    async (change) => {
      const waiting: Waiting = { change };
      queue.push(waiting);
      await condition(() => waiting.outcome !== undefined || waiting.error !== undefined);
      if (waiting.outcome === undefined) throw waiting.error;
      return waiting.outcome;
    },
    { validator: (change) => void parsePayload(ScpChange, change, 'change of a quarantine SCP') },
  );
  setCurrentDetails(scpDetails(state));

  const isLong = (): boolean => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > CONTINUE_AFTER_EVENTS;
  while (queue.length > 0 || !isLong()) {
    await condition(() => queue.length > 0 || isLong());
    await writeNext(state, queue);
  }
  await condition(allHandlersFinished);
  return continueAsNew<typeof quarantineScp>({ policyId, resume: state });
}

async function writeNext(state: ScpState, queue: Waiting[]): Promise<void> {
  const batch = queue.splice(0, CHANGES_PER_WRITE);
  if (batch.length === 0) return;
  const changes = batch.map(({ change }) => change);
  try {
    const { outcomes, characters, unknown } = await writeScp.writeQuarantineScp.executeWithOptions(
      { summary: `${changes.length} change(s) of the quarantine SCP` },
      [{ policyId: state.policyId, changes }],
    );
    Object.assign(state, { characters, unknown: unknown.slice(0, 50), writes: state.writes + 1 });
    for (const [index, waiting] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) waiting.outcome = outcome;
      if (waiting.outcome === undefined) waiting.error = ApplicationFailure.nonRetryable('the write gave no outcome for this change');
      else takeOutcome(state, { change: waiting.change, outcome: waiting.outcome, at: toInstant(Date.now()) });
    }
  } catch (error) {
    for (const waiting of batch) waiting.error = error;
  }
  setCurrentDetails(scpDetails(state));
}
