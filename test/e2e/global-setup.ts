import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { packagePath } from '../../src/config/paths.js';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.js';
import { startDevServer } from '../../src/temporal-server/start-dev-server.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The dev server of all end-to-end tests; every stage has a namespace of its own. */
    temporalAddress: string;
  }
}

const run = promisify(execFile);
const SOURCES = ['src', 'workflows', 'activities'];

let strike: () => Promise<void> = () => Promise.resolve();

/** One Temporal server for the whole suite, and a compiled program for the tests that run it as a user does. */
export async function setup(project: TestProject): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tourniquet-e2e-server-'));
  const [server] = await Promise.all([startDevServer({ dataDir, searchAttributes: Object.values(SEARCH_ATTRIBUTES) }), buildIfStale()]);
  project.provide('temporalAddress', server.address);
  strike = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** Ends what `setup` started. */
export function teardown(): Promise<void> {
  return strike();
}

/** `npm test` has built it already; a single file run by hand may not. */
async function buildIfStale(): Promise<void> {
  const built = await changedAt(packagePath('dist', 'workflow-bundle.js'));
  const sources = await Promise.all(SOURCES.map(newestIn));
  if (built > Math.max(...sources)) return;
  await run('npm', ['run', '-s', 'build'], { cwd: packagePath() });
}

async function newestIn(folder: string): Promise<number> {
  const path = packagePath(folder);
  const files = await readdir(path, { recursive: true });
  return Math.max(...(await Promise.all(files.filter((file) => file.endsWith('.ts')).map((file) => changedAt(join(path, file))))));
}

async function changedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
