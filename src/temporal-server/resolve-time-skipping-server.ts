import { join } from 'node:path';
import { loadEnv } from '../config/env.js';
import { buildTimeSkippingServer, TIME_SKIPPING_POM } from './build-time-skipping-server.js';
import { cacheKey, isExecutable } from './cache.js';
import type { Progress } from './progress.js';
import { sdkDownload } from './sdk-download.js';

/**
 * Finds, fetches or builds the time-skipping test server (temporal-servers.md 2), for
 * `createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`.
 *
 * @throws Error with why each way failed: suites that need it fail, they are never skipped.
 */
export async function resolveTimeSkippingServer(onProgress: Progress): Promise<string> {
  const env = loadEnv();
  if (env.temporalTestServer !== undefined) {
    if (await isExecutable(env.temporalTestServer)) return env.temporalTestServer;
    throw new Error('TEMPORAL_TEST_SERVER does not name an executable file');
  }
  const folder = join(env.cacheDir, `time-skipping-${await cacheKey([TIME_SKIPPING_POM])}`);
  for (const name of ['temporal-test-server', 'temporal-test-server-sdk']) {
    if (await isExecutable(join(folder, name))) return join(folder, name);
  }
  onProgress('looking for the time-skipping test server by the SDK’s download (20 s at most)');
  const downloaded = await sdkDownload('time-skipping', folder, 'temporal-test-server-sdk');
  if ('path' in downloaded) return downloaded.path;
  const built = await buildTimeSkippingServer(folder, onProgress);
  if ('path' in built) return built.path;
  throw new Error(
    `no time-skipping test server.\n  tried download: ${downloaded.why}\n  tried java and mvn: ${built.why}\n` +
      'Set TEMPORAL_TEST_SERVER to its executable, allow the SDK’s download, or install Java ≥ 11 and Maven.',
  );
}
