import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { Scenario } from './schema.js';

/** Where the scenarios are: beside this code, or in the sources when only the compiled code was copied to `dist`. */
function scenarioFolder(): string {
  const beside = fileURLToPath(new URL('../scenarios/', import.meta.url));
  return existsSync(beside) ? beside : beside.replace(/([\\/])dist[\\/]src[\\/]/, '$1src$1');
}

/**
 * Reads a scenario by name.
 *
 * @throws Error naming the file and every fault in it
 */
export async function loadScenario(name: string): Promise<Scenario> {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`"${name}" is not a scenario name (lower case letters, digits and dashes)`);
  const file = `${scenarioFolder()}${name}.yaml`;
  if (!existsSync(file)) throw new Error(`there is no scenario "${name}" (looked for ${file})`);
  const result = Scenario.safeParse(parse(await readFile(file, 'utf8')));
  if (!result.success) throw new Error(`${file}:\n${z.prettifyError(result.error)}`);
  return result.data;
}
