import { delimiter, join } from 'node:path';
import { loadEnv } from '../config/env.js';
import { buildTemporalCli, CLI_MODULE } from './build-temporal-cli.js';
import { cacheKey, isExecutable } from './cache.js';
import { judgeCli } from './cli-version.js';
import type { Progress } from './progress.js';
import { sdkDownload } from './sdk-download.js';

const FIVE_WAYS = [
  'set TEMPORAL_ADDRESS to a running Temporal server (≥ 1.31)',
  'set TEMPORAL_CLI to a temporal CLI with Server ≥ 1.31 and UI ≥ 2.53',
  'put such a temporal CLI on PATH (https://docs.temporal.io/cli)',
  'allow the SDK to download it (https://temporal.download)',
  'install Go ≥ 1.21 with a module proxy: it is then built once from src/deploy/temporal-cli',
];

/**
 * Finds, fetches or builds the `temporal` CLI (temporal-servers.md 1).
 *
 * @returns the path of an executable whose Server and UI are new enough.
 * @throws Error with why each way failed and the five ways to mend it.
 */
export async function resolveTemporalCli(onProgress: Progress): Promise<string> {
  const env = loadEnv();
  const passedOver: string[] = [];
  const cached = join(env.cacheDir, await cacheKey([join(CLI_MODULE, 'go.mod'), join(CLI_MODULE, 'go.sum')]));
  const candidates = [
    ...(env.temporalCli === undefined ? [] : [{ what: 'TEMPORAL_CLI', path: env.temporalCli }]),
    ...(await onPath(env.path)).map((path) => ({ what: `${path} on PATH`, path })),
    { what: 'cache', path: join(cached, 'temporal') },
    { what: 'earlier download', path: join(cached, 'temporal-sdk') },
  ];
  for (const { what, path } of candidates) {
    if (what !== 'TEMPORAL_CLI' && !(await isExecutable(path))) continue;
    const judged = await judgeCli(path);
    if (judged.usable) return path;
    passedOver.push(`${what}: ${judged.why}`);
    onProgress(`${what} is passed over: ${judged.why}`);
  }
  return fetchOrBuild(cached, passedOver, onProgress);
}

async function fetchOrBuild(cached: string, passedOver: string[], onProgress: Progress): Promise<string> {
  onProgress('looking for the Temporal dev server by the SDK’s download (20 s at most)');
  const downloaded = await sdkDownload('cli', cached, 'temporal-sdk');
  if ('path' in downloaded) {
    const judged = await judgeCli(downloaded.path);
    if (judged.usable) return downloaded.path;
    passedOver.push(`download: ${judged.why}`);
  } else {
    passedOver.push(`download: ${downloaded.why}`);
  }
  const built = await buildTemporalCli(cached, onProgress);
  if ('path' in built) return built.path;
  passedOver.push(`build: ${built.why}`);
  throw new Error(
    `no usable Temporal dev server.\n${passedOver.map((line) => `  tried ${line}`).join('\n')}\nOne of these helps:\n${FIVE_WAYS.map((way, index) => `  ${index + 1}. ${way}`).join('\n')}`,
  );
}

async function onPath(path: string): Promise<string[]> {
  const files = path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal'));
  const found: string[] = [];
  for (const file of files) if (await isExecutable(file)) found.push(file);
  return found;
}
