import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { expect, it } from 'vitest';
import { loadEnv } from '../../../src/config/env.js';
import { PACKAGE_ROOT } from '../../../src/config/paths.js';

it('has a default for everything', () => {
  const env = loadEnv({});

  expect(env).toMatchObject({
    waits: 'waits',
    logLevel: 'info',
    awsEndpoint: undefined,
    policyDir: join(PACKAGE_ROOT, 'src', 'playbooks'),
  });
  expect(isAbsolute(env.dataDir)).toBe(true);
  expect(existsSync(join(PACKAGE_ROOT, 'package.json'))).toBe(true);
});

it('takes an empty variable as not set', () => {
  expect(loadEnv({ TOURNIQUET_LOG_LEVEL: '', TEMPORAL_ADDRESS: '' })).toMatchObject({ logLevel: 'info', temporalAddress: undefined });
});

it('names every bad variable at once and no value', () => {
  const read = () =>
    loadEnv({ TOURNIQUET_LOG_LEVEL: 'loud-secret', TOURNIQUET_AWS_ENDPOINT: 'ftp://secret', TOURNIQUET_DATADIR: '/secret' });

  expect(read).toThrow(/TOURNIQUET_AWS_ENDPOINT: .*TOURNIQUET_LOG_LEVEL: .*TOURNIQUET_DATADIR: no such variable/);
  expect(read).not.toThrow(/secret/);
});
