import type { Command } from 'commander';
import type { TokenRecord } from '../../ports/token-store.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { localTokens } from '../dependencies.js';
import { tableLines } from '../output.js';

/** Lists tokens without the tokens and their hashes. */
export function tokenListCommand(context: CliContext, _setExitCode: SetExitCode): Command {
  return command('list', 'list tokens: whose, for what, until when; never the tokens', 'tourniquet token list')
    .option('--json', 'print one JSON line per token')
    .action(async ({ json }: { json?: boolean }) => {
      const records = await localTokens(context.env()).list();
      if (json === true) {
        for (const record of records) context.output.json(shownAs(record, context.now()));
        return;
      }
      const rows = records.map((record) => [
        record.id,
        record.subject,
        record.roles.join(' '),
        record.expiresAt,
        stateOf(record, context.now()),
      ]);
      for (const line of tableLines([['id', 'subject', 'roles', 'expires', 'state'], ...rows])) context.output.line(line);
    });
}

/** Not the hash: it tells nobody anything. */
function shownAs(record: TokenRecord, now: Date): Record<string, unknown> {
  const { id, subject, roles, createdAt, expiresAt, revokedAt = null } = record;
  return { id, subject, roles, createdAt, expiresAt, revokedAt, state: stateOf(record, now) };
}

function stateOf({ revokedAt, expiresAt }: Pick<TokenRecord, 'revokedAt' | 'expiresAt'>, now: Date): string {
  if (revokedAt !== undefined) return 'revoked';
  return Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'valid';
}
