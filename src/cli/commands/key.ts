import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ensureLocalKeys } from '../../adapters/authority/local.js';
import { LOCAL_ISSUER } from '../../contracts/authority.js';
import { command } from '../command.js';
import type { CliContext } from '../context.js';
import { localTrust } from '../dependencies.js';
import { CliError } from '../cli-error.js';

/** Signing keys of local people. */
export function keyCommand(context: CliContext): Command {
  return command('key', 'signing keys of local people', 'tourniquet key make lea').addCommand(makeCommand(context));
}

function makeCommand(context: CliContext): Command {
  return command(
    'make',
    'make the key pair of a person, keep the private half here, print the public half for people.yaml',
    'tourniquet key make lea',
  )
    .argument('<subject>', 'subject of people.yaml with issuer: local')
    .action(async (subject: string) => {
      const env = context.env();
      const { people } = await localTrust(env).policies.people();
      if (!people.some((person) => person.subject === subject && person.issuer === LOCAL_ISSUER)) {
        throw new CliError(`${subject} is not a local person of people.yaml`);
      }
      await ensureLocalKeys(env.keyDir, [subject]);
      const publicJwk: unknown = JSON.parse(await readFile(join(env.keyDir, `${subject}.public.json`), 'utf8'));
      context.output.json({ subject, publicJwk });
    });
}
