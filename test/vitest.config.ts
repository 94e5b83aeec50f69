import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Suites that own the clock: one file at a time, after the quick ones. */
const serial = { fileParallelism: false, isolate: true, pool: 'forks' } as const;

/** `npm run test:long` plays what takes many minutes, and nothing else. */
const LONG = (process.env['LONG_TESTS'] ?? '') !== '';
/** `npm run histories:record` plays the scenarios on a real server in place of the replay. */
const RECORDING = (process.env['RECORD_HISTORIES'] ?? '') !== '';

export default defineConfig({
  root,
  test: {
    passWithNoTests: false,
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/boundary/**/*.test.ts'],
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
          // Nothing of one file reaches another; the AWS SDK and the range are loaded once for all.
          isolate: false,
        },
      },
      {
        root,
        test: {
          name: 'activity',
          include: ['test/activity/**/*.test.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
          // Every test has an account of its own and mostly waits for CloudTrail's 2 requests a second: many side by
          // side, and the AWS SDK is loaded once for all files.
          isolate: false,
          maxConcurrency: 20,
        },
      },
      {
        root,
        test: {
          name: 'replay',
          include: [RECORDING ? 'test/replay/record.ts' : 'test/replay/**/*.test.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 2 },
          ...serial,
        },
      },
      {
        root,
        test: {
          name: 'workflow',
          include: ['test/workflow/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
          // Each file has a time-skipping server of its own and mostly waits for it.
          isolate: true,
          pool: 'forks',
          maxWorkers: 2,
        },
      },
      {
        root,
        test: {
          name: 'e2e',
          include: [LONG ? 'test/long/**/*.test.ts' : 'test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/global-setup.ts'],
          testTimeout: LONG ? 1_200_000 : 220_000,
          // A server that has to be built first takes minutes (temporal-servers.md 1).
          hookTimeout: 1_800_000,
          sequence: { groupOrder: 4 },
          // Each file has a namespace or a server of its own and mostly waits.
          isolate: true,
          pool: 'forks',
          maxWorkers: LONG ? 1 : 2,
        },
      },
    ],
  },
});
