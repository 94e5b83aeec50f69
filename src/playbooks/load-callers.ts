import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Callers } from '../contracts/callers.js';
import { readYaml } from './load.js';

/**
 * Reads `callers.yaml` of a policy folder: who may call the API. Without the file nobody but holders of local tokens may.
 *
 * @throws PlaybookInvalid, permanent: names path and what was expected.
 */
export async function loadCallers(folder: string): Promise<Callers> {
  const file = join(folder, 'callers.yaml');
  return existsSync(file) ? readYaml(file, Callers) : { version: 'none', sources: [] };
}
