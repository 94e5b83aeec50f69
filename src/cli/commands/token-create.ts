import { InvalidArgumentError, type Command } from 'commander';
import { LOCAL_ISSUER } from '../../contracts/authority.js';
import { Role, SourceName } from '../../contracts/callers.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { localTokens, localTrust } from '../dependencies.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 90;
const MOST_DAYS = 366;

/** Makes a token and prints it, once. */
export function tokenCreateCommand(context: CliContext, _setExitCode: SetExitCode): Command {
  return command('create', 'make a token and print it; it is not shown again', 'tourniquet token create lea --role approver')
    .argument('<subject>', 'local person of people.yaml; for role sender the source of callers.yaml, or cli')
    .requiredOption('--role <role...>', Role.options.join(', '), roles)
    .option('--days <number>', `days until it expires, at most ${MOST_DAYS}`, days, DEFAULT_DAYS)
    .action(async (subject: string, options: { role: Role[]; days: number }) => {
      await refuseUnknown(context, subject, options.role);
      const now = context.now();
      const { token, record } = await localTokens(context.env()).create({
        subject,
        roles: options.role,
        createdAt: now.toISOString(),
        expiresAt: new Date(now.getTime() + options.days * DAY_MS).toISOString(),
      });
      const { id, roles: granted, expiresAt } = record;
      context.output.json({ id, subject, roles: granted, expiresAt, token });
    });
}

/** A typo makes a token that can do nothing, or one that nobody can be told by. */
async function refuseUnknown(context: CliContext, subject: string, granted: readonly Role[]): Promise<void> {
  if (granted.includes('sender')) {
    if (granted.length > 1) throw new CliError('role sender stands alone: a source is no person', EXIT.usage);
    if (!SourceName.safeParse(subject).success) throw new CliError('subject: expected the name of a source of callers.yaml', EXIT.usage);
    return;
  }
  const { people } = await localTrust(context.env()).policies.people();
  if (!people.some((person) => person.subject === subject && person.issuer === LOCAL_ISSUER))
    throw new CliError(`${subject} is not a local person of people.yaml`, EXIT.usage);
}

function roles(text: string, before: Role[] | undefined): Role[] {
  const parsed = Role.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`there are ${Role.options.join(', ')}`);
  return [...new Set([...(before ?? []), parsed.data])];
}

function days(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > MOST_DAYS)
    throw new InvalidArgumentError(`a whole number from 1 to ${MOST_DAYS} is needed`);
  return Number(text);
}
