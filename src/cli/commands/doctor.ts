import type { Command } from 'commander';
import { EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { awsChecks } from '../doctor/aws.js';
import type { Finding } from '../doctor/finding.js';
import { organizationChecks } from '../doctor/organization.js';
import { peopleSystemChecks } from '../doctor/people-systems.js';
import { policyChecks } from '../doctor/policies.js';
import { temporalChecks } from '../doctor/temporal.js';
import { terminalText } from '../terminal-text.js';

/** Says what is missing before an incident does. Exit code 1 when something fails. */
export function doctorCommand(context: CliContext, setExitCode: SetExitCode): Command {
  return command('doctor', 'say what is missing before an incident does', 'tourniquet doctor --json')
    .option('--json', 'print one JSON line per check')
    .action(async (options: { json?: boolean }) => {
      const env = context.env();
      const findings = (
        await Promise.all([temporalChecks(context), awsChecks(env), organizationChecks(env), policyChecks(env), peopleSystemChecks(env)])
      ).flat();
      for (const finding of findings) {
        if (options.json === true) context.output.json(finding);
        else context.output.line(lineOf(finding, context));
      }
      if (findings.some(({ status }) => status === 'fail')) setExitCode(EXIT.failed);
    });
}

function lineOf({ check, status, detail, fix }: Finding, { output: { colors } }: CliContext): string {
  const paint = { ok: colors.green, warn: colors.yellow, fail: colors.red }[status];
  return `${paint(status.padEnd(4))} ${terminalText(`${check}: ${detail}${fix === undefined ? '' : ` → ${fix}`}`)}`;
}
