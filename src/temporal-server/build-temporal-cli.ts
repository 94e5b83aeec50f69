import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packagePath } from '../config/paths.js';
import { installFile } from './cache.js';
import type { Progress } from './progress.js';
import { runCommand } from './run-command.js';

/** 5 min on two idle cores, 12 min contended (temporal-servers.md 1). */
const BUILD_TIMEOUT_MS = 45 * 60_000;
const PROGRESS_EVERY_MS = 10_000;
const OLDEST_GO = [1, 21] as const;

/** Folder of the pinned Go module. */
export const CLI_MODULE = packagePath('src', 'deploy', 'temporal-cli');

export type BuildResult = { readonly path: string } | { readonly why: string };

/** Builds `temporal` from the pinned Go module and moves it into `folder` in one step. */
export async function buildTemporalCli(folder: string, onProgress: Progress): Promise<BuildResult> {
  const missing = await goProblem();
  if (missing !== undefined) return { why: missing };
  await mkdir(dirname(folder), { recursive: true });
  // Beside the target, so that the last step is a rename on one file system.
  const scratch = await mkdtemp(`${folder}.build-`);
  try {
    onProgress('building the Temporal dev server from its pinned sources: once, about 5 minutes on two cores (2 GB of memory)');
    const result = await build(join(scratch, 'temporal'), onProgress);
    if (!result.ok) return { why: `go build failed (${result.why})` };
    return { path: await installFile(join(scratch, 'temporal'), folder, 'temporal') };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function build(output: string, onProgress: Progress): Promise<{ ok: boolean; why: string }> {
  const startedAt = Date.now();
  const seen = { downloaded: 0, compiled: 0 };
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    onProgress(`  … ${seconds} s: ${seen.downloaded} modules fetched, ${seen.compiled} packages compiled`);
  }, PROGRESS_EVERY_MS);
  try {
    const flags = ['-v', '-trimpath', '-gcflags=all=-dwarf=false', '-ldflags=-s -w', '-tags', 'disable_grpc_modules'];
    return await runCommand('go', ['build', ...flags, '-o', output, 'github.com/temporalio/cli/cmd/temporal'], {
      cwd: CLI_MODULE,
      // GOTOOLCHAIN: some images pin `local`, which refuses the newer Go that go.mod names.
      env: { GOTOOLCHAIN: 'auto', GOFLAGS: '-mod=readonly -buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' },
      timeoutMs: BUILD_TIMEOUT_MS,
      onLine: (line) => {
        if (line.startsWith('go: downloading')) seen.downloaded += 1;
        else seen.compiled += 1;
      },
    });
  } finally {
    clearInterval(timer);
  }
}

async function goProblem(): Promise<string | undefined> {
  const result = await runCommand('go', ['version'], { cwd: CLI_MODULE, env: { GOTOOLCHAIN: 'local' }, timeoutMs: 10_000 });
  const version = /go version go(\d+)\.(\d+)/.exec(result.output);
  if (version === null) return 'no Go on PATH';
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major > OLDEST_GO[0] || minor >= OLDEST_GO[1]) return undefined;
  return `Go ${major}.${minor} is too old, at least 1.21 is needed`;
}
