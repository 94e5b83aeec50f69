import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { MAIN_TASK_QUEUE, type WorkflowType } from '../../contracts/names.js';
import { ReconcileResult } from '../../contracts/reconcile.js';
import { CliError } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, Session } from '../context.js';
import { terminalText } from '../terminal-text.js';

const RECONCILE: WorkflowType = 'reconcile';
/** A round takes seconds; with differences in AWS it looks a second time, 20 s later. */
const ANSWER_WITHIN_MS = 180_000;

/** Runs one round of `reconcile` now, in the workers, and says what it found. The schedule goes on beside it. */
export function reconcileCommand(context: CliContext): Command {
  return command(
    'reconcile',
    'bring back what ended too early, and compare AWS with the open containments; undoes nothing',
    'tourniquet reconcile --json',
  )
    .option('--json', 'print one JSON line per finding')
    .action(async (options: { json?: boolean }) => {
      const { findings } = await context.withTemporal(oneRound);
      if (options.json === true) return findings.forEach((finding) => context.output.json(finding));
      if (findings.length === 0) context.output.line('nothing found');
      for (const { kind, title, lines } of findings) {
        context.output.line(terminalText(`${kind}: ${title}`));
        for (const line of lines) context.output.line(terminalText(`    ${line}`));
      }
    });
}

async function oneRound({ client }: Session): Promise<ReconcileResult> {
  const handle = await client.workflow.start(RECONCILE, {
    workflowId: `${RECONCILE}/by-hand/${randomUUID()}`,
    taskQueue: MAIN_TASK_QUEUE,
    args: [{}],
    staticSummary: 'One round of reconcile, asked for by hand',
  });
  const result: unknown = await client
    .withDeadline(Date.now() + ANSWER_WITHIN_MS, () => handle.result())
    .catch((error: unknown) => {
      throw new CliError(error instanceof Error ? `the round has no result: ${causeOf(error)}` : 'the round has no result');
    });
  return ReconcileResult.parse(result);
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
