import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packagePath } from '../../src/config/paths.js';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.js';
import { ACTIVITY_TYPES } from '../../src/worker/queues.js';

it('registers every activity type with exactly one worker', () => {
  const all = Object.values(ACTIVITY_TYPES).flat();

  expect(new Set(all).size).toBe(all.length);
});

it('keeps within what SQL visibility has: 10 Keyword, 3 of each other type', () => {
  const count = (type: string) => Object.values(SEARCH_ATTRIBUTES).filter((key) => key.type === type).length;

  expect(count('KEYWORD')).toBeLessThanOrEqual(10);
  for (const type of ['KEYWORD_LIST', 'DATETIME', 'INT']) expect(count(type)).toBeLessThanOrEqual(3);
});

it('has a command for every file of src/cli/commands', async () => {
  const { buildProgram } = await import('../../src/cli/program.js');
  const { processContext } = await import('../../src/cli/context.js');
  const names = buildProgram(processContext(), () => undefined).commands.flatMap((command) => [
    command.name(),
    ...command.commands.map((sub) => `${command.name()}-${sub.name()}`),
  ]);
  const files = readdirSync(packagePath('src', 'cli', 'commands')).map((name) => name.replace(/\.ts$/, ''));

  for (const file of files) expect(names).toContain(file);
});
