import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { readMessage } from '../read-message.js';
import { reportIntakes, withReceiver } from '../receive-and-report.js';

/** Takes in messages as if their source had delivered them. A repeat starts nothing. */
export function alertSendCommand(context: CliContext, _setExitCode: SetExitCode): Command {
  return command('send', 'take in an alert as if its source had delivered it', 'tourniquet alert send --file finding.json')
    .requiredOption('--file <file...>', 'message files, one message each')
    .option('--source <name>', 'with TOURNIQUET_URL: the source of callers.yaml that the token is for', 'cli')
    .option('--json', 'print one JSON line per alert')
    .option('--no-wait', 'do not wait for the outcome')
    .action(async (options: { file: string[]; source: string; json?: boolean; wait: boolean }) => {
      await withReceiver(context, options, async (receive) => {
        for (const file of options.file) {
          const message = await readMessage(file);
          if ('reason' in message) throw new CliError(`${file}: ${message.reason}`, EXIT.usage);
          reportIntakes(await receive(message.text), options, context);
        }
      });
    });
}
