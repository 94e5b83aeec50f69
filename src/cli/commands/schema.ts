import { Argument, type Command } from 'commander';
import { z } from 'zod';
import { Playbook } from '../../contracts/playbook.js';
import { IncidentRecord } from '../../contracts/record.js';
import { command } from '../command.js';
import type { CliContext } from '../context.js';

const SCHEMAS = {
  playbook: { of: Playbook, title: 'Tourniquet playbook' },
  record: { of: IncidentRecord, title: 'Tourniquet incident record' },
} as const;

/** JSON Schemas of what other tools read and people write. */
export function schemaCommand({ output }: CliContext): Command {
  return command('schema', 'print a JSON Schema, for editors and other tools', 'tourniquet schema playbook > playbook.schema.json')
    .addArgument(
      new Argument('<what>', 'playbook = src/playbooks/*.yaml, record = record.json of an incident').choices(['playbook', 'record']),
    )
    .action((what: keyof typeof SCHEMAS) => {
      const { of, title } = SCHEMAS[what];
      // Draft 7 is what editors of YAML understand; `input`: what has a default may be left out.
      const schema = z.toJSONSchema(of, { target: 'draft-7', io: 'input' });
      output.line(JSON.stringify({ ...schema, title }, null, 2));
    });
}
