import { type IntakeAnswer, IntakesAnswer } from '../contracts/api.js';
import { intakeAnswer } from '../incidents/intake-answer.js';
import { receiveAlert } from '../ingest/receive.js';
import { apiOf, readAnswer } from './api-client.js';
import { CliError, EXIT } from './cli-error.js';
import type { CliContext, Session } from './context.js';
import { receiveDeps } from './dependencies.js';
import { terminalText } from './terminal-text.js';

/** Resolving has 60 s, delivery usually a moment (design 10). */
const OUTCOME_WITHIN_SECONDS = 90;

export interface ReceiveOptions {
  readonly json?: boolean;
  readonly wait: boolean;
}

/** Hands one message in and says what became of each alert in it. */
export type Receive = (message: string) => Promise<readonly IntakeAnswer[]>;

/** Runs `work` with the way in: the API's address for this source where TOURNIQUET_URL is set, else Temporal. */
export async function withReceiver(
  context: CliContext,
  { source, wait }: { readonly source: string; readonly wait: boolean },
  work: (receive: Receive) => Promise<void>,
): Promise<void> {
  const api = apiOf(context);
  if (api === undefined) return context.withTemporal((session) => work((message) => receiveHere(message, { context, session, wait })));
  return work(
    async (message) =>
      readAnswer(IntakesAnswer, await api.post(`/v1/alerts/${encodeURIComponent(source)}${waitQuery(wait)}`, message)).intakes,
  );
}

/** The part of an address that asks to wait for outcomes. */
export function waitQuery(wait: boolean): string {
  return wait ? `?waitSeconds=${OUTCOME_WITHIN_SECONDS}` : '';
}

/** Prints what became of alerts. */
export function reportIntakes(intakes: readonly IntakeAnswer[], { json }: ReceiveOptions, { output }: CliContext): void {
  for (const intake of intakes) {
    if (json === true) output.json(intake);
    else output.line(lineOf(intake));
  }
}

async function receiveHere(
  message: string,
  { context, session, wait }: { context: CliContext; session: Session; wait: boolean },
): Promise<IntakeAnswer[]> {
  const received = await receiveAlert(message, await receiveDeps(context, session));
  if (!received.accepted) throw new CliError(`not an alert: ${received.reason}`, EXIT.usage);
  const answers: IntakeAnswer[] = [];
  for (const intake of received.intakes) answers.push(await intakeAnswer(session, intake, wait ? OUTCOME_WITHIN_SECONDS : 0));
  return answers;
}

function lineOf({ workflowId, duplicate, disposition, outcome }: IntakeAnswer): string {
  const known = duplicate ? 'received before' : 'received';
  const then = outcome === null ? `${disposition} (no outcome yet)` : `${outcome.outcome} ${outcome.incidentId ?? ''} · ${outcome.reason}`;
  return terminalText(`${known}: ${workflowId} → ${then}`);
}
