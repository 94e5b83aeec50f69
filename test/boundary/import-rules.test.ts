import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { packagePath } from '../../src/config/paths.js';

const run = promisify(execFile);

/** One forbidden import each: folder, import. House style 2.2. */
const FORBIDDEN: [string, string][] = [
  ['src/contracts/a.ts', "import { x } from '../domain/x.js';"],
  ['src/contracts/a.ts', "import { x } from 'node:fs';"],
  ['src/domain/engine/a.ts', "import { x } from '../planning/x.js';"],
  ['src/domain/engine/a.ts', "import { x } from 'node:crypto';"],
  ['src/domain/engine/a.ts', "import { x } from '@temporalio/workflow';"],
  ['src/domain/planning/a.ts', "import { x } from '../../adapters/aws/x.js';"],
  ['src/domain/planning/a.ts', "import { x } from 'node:fs/promises';"],
  ['src/domain/planning/a.ts', "import { x } from '@aws-sdk/client-iam';"],
  ['src/ports/a.ts', "import { x } from '../config/env.js';"],
  ['src/ports/a.ts', "import { x } from '@temporalio/client';"],
  ['workflows/steps/a.ts', "import { x } from '../../src/adapters/aws/x.js';"],
  ['workflows/steps/a.ts', "import { x } from '../../src/domain/planning/x.js';"],
  ['workflows/steps/a.ts', "import { x } from '../../src/playbooks/load.js';"],
  ['workflows/steps/a.ts', "import { x } from '../../activities/index.js';"],
  ['workflows/steps/a.ts', "import { x } from '../../activities/aws/x.js';"],
  ['workflows/steps/a.ts', "import { x } from 'node:crypto';"],
  ['workflows/steps/a.ts', "import { x } from '@aws-sdk/client-iam';"],
  ['activities/aws/a.ts', "import { x } from '../../src/adapters/aws/x.js';"],
  ['activities/aws/a.ts', "import { x } from '../../src/config/env.js';"],
  ['activities/aws/a.ts', "import { x } from '../../workflows/index.js';"],
  ['activities/aws/a.ts', "import { x } from '../notify/x.js';"],
  ['src/adapters/aws/a.ts', "import { x } from '../../../workflows/index.js';"],
  ['src/adapters/aws/a.ts', "import { x } from '../../config/env.js';"],
  ['src/ingest/sources/a.ts', "import { x } from '../../adapters/aws/x.js';"],
  ['src/ingest/a.ts', "import { x } from '../../workflows/index.js';"],
  ['src/api/routes/a.ts', "import { x } from '../../adapters/aws/x.js';"],
  ['src/api/a.ts', "import { x } from '../cli/x.js';"],
  ['src/incidents/a.ts', "import { x } from '../cli/x.js';"],
  ['src/incidents/a.ts', "import { x } from '../adapters/aws/x.js';"],
  ['src/range/iam/a.ts', "import { x } from '../../domain/x.js';"],
  ['src/range/iam/a.ts', "import { x } from '@temporalio/client';"],
  ['src/cli/commands/a.ts', "import { x } from '../../../workflows/index.js';"],
  ['src/drill/a.ts', "import { x } from '../../activities/aws/x.js';"],
  ['src/worker/a.ts', "import { x } from '../../workflows/index.js';"],
  ['src/config/a.ts', "import { x } from '../domain/x.js';"],
];

const ALLOWED: [string, string][] = [
  ['src/contracts/a.ts', "import { x } from 'zod';"],
  ['src/domain/engine/a.ts', "import { x } from '../../contracts/x.js';"],
  ['src/domain/engine/a.ts', "import { x } from './b.js';"],
  ['src/domain/planning/a.ts', "import { x } from '../canonical-json.js';"],
  ['src/domain/planning/a.ts', "import { x } from 'node:crypto';"],
  ['workflows/steps/a.ts', "import type { x } from '../../activities/index.js';"],
  ['workflows/steps/a.ts', "import { x } from '../../src/domain/engine/x.js';"],
  ['workflows/steps/a.ts', "import { x } from '../../src/contracts/x.js';"],
  ['workflows/steps/a.ts', "import { x } from '../runtime/x.js';"],
  ['workflows/steps/a.ts', "import { x } from '@temporalio/workflow';"],
  ['activities/aws/a.ts', "import { x } from '../../src/ports/x.js';"],
  ['activities/aws/a.ts', "import { x } from '@aws-sdk/client-iam';"],
  ['src/ingest/sources/a.ts', "import { x } from '../json-reader.js';"],
  ['src/worker/a.ts', "import { x } from '../../activities/create-activities.js';"],
];

it('reports every seeded violation of the import rules and nothing that is allowed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-lint-'));
  const seeded = [...FORBIDDEN, ...ALLOWED].map(([path, line], index) => ({ file: path.replace('/a.ts', `/a${index}.ts`), line }));
  for (const { file, line } of seeded) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `${line}\nexport const used: typeof x | undefined = undefined;\n`);
  }

  const reported = await lint(folder, 'eslint(no-restricted-imports)');

  const lines = (from: number, to?: number) => seeded.slice(from, to).map(({ file, line }) => `${file} ${line}`);
  const caught = seeded.filter(({ file }) => reported.has(file)).map(({ file, line }) => `${file} ${line}`);
  expect(caught).toEqual(lines(0, FORBIDDEN.length));
});

it('reports the environment, casts and any outside their places', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-lint-'));
  await mkdir(join(folder, 'src/ingest'), { recursive: true });
  await writeFile(
    join(folder, 'src/ingest/a.ts'),
    'export const a = process.env.A;\nexport const b = {} as { c: string };\nexport const d: any = 1;\nconsole.log(a);\n',
  );

  const { stdout } = await oxlint(folder);

  for (const rule of ['no-process-env', 'consistent-type-assertions', 'no-explicit-any', 'no-console']) expect(stdout).toContain(rule);
});

async function lint(folder: string, rule: string): Promise<Set<string>> {
  const { stdout } = await oxlint(folder);
  return new Set(stdout.split('\n').flatMap((line) => (line.includes(rule) ? [line.slice(0, line.indexOf(':'))] : [])));
}

/** Exits non-zero when it finds something: here that is the point. */
function oxlint(folder: string): Promise<{ stdout: string }> {
  const args = ['--config', packagePath('.config', 'oxlint.json'), '--format', 'unix', '.'];
  return run(packagePath('node_modules', '.bin', 'oxlint'), args, { cwd: folder }).catch((error: { stdout: string }) => ({
    stdout: error.stdout,
  }));
}
