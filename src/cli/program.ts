import { Command } from 'commander';
import { ackCommand } from './commands/ack.js';
import { alertCommand } from './commands/alert.js';
import { approveCommand } from './commands/approve.js';
import { completeCommand } from './commands/complete.js';
import { doctorCommand } from './commands/doctor.js';
import { drillCommand } from './commands/drill.js';
import { evidenceCommand } from './commands/evidence.js';
import { guardCommand } from './commands/guard.js';
import { investigateCommand } from './commands/investigate.js';
import { keyCommand } from './commands/key.js';
import { listCommand } from './commands/list.js';
import { metricsCommand } from './commands/metrics.js';
import { noteCommand } from './commands/note.js';
import { openCommand } from './commands/open.js';
import { pauseCommand } from './commands/pause.js';
import { planCommand } from './commands/plan.js';
import { rangeCommand } from './commands/range.js';
import { reconcileCommand } from './commands/reconcile.js';
import { rejectCommand } from './commands/reject.js';
import { reportCommand } from './commands/report.js';
import { requestCommand } from './commands/request.js';
import { resumeCommand } from './commands/resume.js';
import { retryCommand } from './commands/retry.js';
import { schemaCommand } from './commands/schema.js';
import { serveCommand } from './commands/serve.js';
import { showCommand } from './commands/show.js';
import { skipCommand } from './commands/skip.js';
import { tokenCommand } from './commands/token.js';
import { undoCommand } from './commands/undo.js';
import { watchCommand } from './commands/watch.js';
import { workerCommand } from './commands/worker.js';
import type { CliContext, SetExitCode } from './context.js';

const COMMANDS = [
  drillCommand,
  alertCommand,
  openCommand,
  listCommand,
  showCommand,
  watchCommand,
  reportCommand,
  metricsCommand,
  approveCommand,
  rejectCommand,
  completeCommand,
  retryCommand,
  skipCommand,
  ackCommand,
  pauseCommand,
  resumeCommand,
  noteCommand,
  undoCommand,
  requestCommand,
  planCommand,
  investigateCommand,
  evidenceCommand,
  guardCommand,
  keyCommand,
  reconcileCommand,
  rangeCommand,
  workerCommand,
  serveCommand,
  tokenCommand,
  schemaCommand,
  doctorCommand,
];

/** The `tourniquet` program: one file per command. */
export function buildProgram(context: CliContext, setExitCode: SetExitCode): Command {
  const program = new Command('tourniquet')
    .description('Durable incident response for compromised AWS credentials')
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .addHelpText('after', '\nExample:\n  $ tourniquet drill');
  for (const create of COMMANDS) program.addCommand(create(context, setExitCode));
  return program;
}
