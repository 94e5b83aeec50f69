import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { packagePath } from '../config/paths.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Where `npm run build` leaves the bundle. */
export const BUNDLE_PATH = packagePath('dist', 'workflow-bundle.js');

/** `workflows/index` beside this code: compiled in `dist`, TypeScript otherwise. Only a path: nothing here imports workflow code. */
export function workflowsPath(): string {
  const compiled = join(here, '..', '..', 'workflows', 'index.js');
  return existsSync(compiled) ? compiled : join(here, '..', '..', 'workflows', 'index.ts');
}

let bundled: Promise<WorkflowBundleOption> | undefined;

/** The prebuilt bundle when the compiled program runs, else one made from the sources at hand, once per process (1.5 s). */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  const compiled = here.startsWith(packagePath('dist'));
  if (compiled && existsSync(BUNDLE_PATH)) return { codePath: BUNDLE_PATH };
  bundled ??= bundle();
  return bundled;
}

/** Bundles the workflow code; quiet unless something is wrong. */
export function bundle(): Promise<{ code: string }> {
  const loud = (message: string): void => void process.stderr.write(`${message}\n`);
  const quiet = (): void => undefined;
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: loud, error: loud };
  return bundleWorkflowCode({ workflowsPath: workflowsPath(), logger });
}
