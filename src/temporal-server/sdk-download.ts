import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../config/paths.js';
import { installFile } from './cache.js';
import { runCommand } from './run-command.js';

/** A firewall that drops packets would hang the download; without internet it fails in under 50 ms. */
const DOWNLOAD_TIMEOUT_MS = 20_000;

/** Downloads by starting the server once: the SDK offers no other way to fetch it. */
const SCRIPT = `
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const executable = { type: 'cached-download', downloadDir: process.argv[2] };
  const start = process.argv[1] === 'cli' ? 'createLocal' : 'createTimeSkipping';
  const env = await TestWorkflowEnvironment[start]({ server: { executable } });
  await env.teardown();
`;

export type DownloadResult = { readonly path: string } | { readonly why: string };

/**
 * Fetches a server by the SDK's own download, in a child process that can be killed.
 *
 * @param kind `cli` for the dev server, `time-skipping` for the Java one.
 */
export async function sdkDownload(kind: 'cli' | 'time-skipping', folder: string, name: string): Promise<DownloadResult> {
  const scratch = await mkdtemp(join(tmpdir(), 'tourniquet-download-'));
  try {
    const result = await runCommand(process.execPath, ['--input-type=module', '-e', SCRIPT, kind, scratch], {
      cwd: PACKAGE_ROOT,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
    });
    if (!result.ok) return { why: firstError(result.output) ?? result.why };
    const [file] = await readdir(scratch);
    if (file === undefined) return { why: 'the SDK left no file' };
    await chmod(join(scratch, file), 0o755);
    return { path: await installFile(join(scratch, file), folder, name) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function firstError(output: string): string | undefined {
  return output
    .split('\n')
    .find((line) => line.includes('Error:'))
    ?.trim()
    .slice(0, 200);
}
