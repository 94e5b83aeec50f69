import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { applyTemplates } from './apply-templates.js';
import { Scenario } from './schema.js';

/** A folder beside this code, or in the sources when only the compiled code was copied to `dist`. */
function folder(path: string): string {
  const beside = fileURLToPath(new URL(path, import.meta.url));
  return existsSync(beside) ? beside : beside.replace(/([\\/])dist[\\/]src[\\/]/, '$1src$1');
}

/**
 * Reads a scenario by name, with the CloudFormation templates it deploys.
 *
 * @throws Error naming the file and every fault in it
 */
export async function loadScenario(name: string): Promise<Scenario> {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`"${name}" is not a scenario name (lower case letters, digits and dashes)`);
  const file = `${folder('../scenarios/')}${name}.yaml`;
  if (!existsSync(file)) throw new Error(`there is no scenario "${name}" (looked for ${file})`);
  const result = Scenario.safeParse(parse(await readFile(file, 'utf8')));
  if (!result.success) throw new Error(`${file}:\n${z.prettifyError(result.error)}`);
  return applyTemplates(result.data, templateSource);
}

function templateSource(name: string): string {
  return readFileSync(`${folder('../../deploy/aws/')}${name}.yaml`, 'utf8');
}
