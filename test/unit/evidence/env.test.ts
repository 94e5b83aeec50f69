import { expect, it } from 'vitest';
import { loadEnv } from '../../../src/config/env.js';

it('keeps evidence in the data folder unless a bucket is named; then GOVERNANCE for 365 days', () => {
  expect(loadEnv({}).evidence).toBeUndefined();
  expect(loadEnv({ TOURNIQUET_EVIDENCE_BUCKET: 'acme-evidence' }).evidence).toEqual({
    bucket: 'acme-evidence',
    mode: 'GOVERNANCE',
    retentionDays: 365,
  });
});

it('takes mode and days, and names what is wrong', () => {
  const set = { TOURNIQUET_EVIDENCE_BUCKET: 'b-1', TOURNIQUET_EVIDENCE_MODE: 'COMPLIANCE', TOURNIQUET_EVIDENCE_RETENTION_DAYS: '30' };

  expect(loadEnv(set).evidence).toEqual({ bucket: 'b-1', mode: 'COMPLIANCE', retentionDays: 30 });
  for (const bad of [
    { TOURNIQUET_EVIDENCE_BUCKET: 'No_Bucket' },
    { TOURNIQUET_EVIDENCE_MODE: 'NONE' },
    { TOURNIQUET_EVIDENCE_RETENTION_DAYS: '0' },
  ]) {
    expect(() => loadEnv({ ...set, ...bad })).toThrow(Object.keys(bad)[0]);
  }
});
