import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../src/contracts/watch.js';
import { judgeProof, type ProofInput } from '../../../src/domain/proof/judge.js';
import { aRecord } from '../../fixtures/records.js';

const firstDenyMs = Date.parse('2026-11-22T10:00:00.400Z');
const configured: Configuration = { confirmed: true, simulation: 'explicitDeny', keysInactive: true, missing: [], notes: [] };
const blind: Configuration = { ...configured, simulation: 'unavailable' };

/** 900 s quiet window, 900 s delivery allowance, looked at `afterSeconds` after the first deny. */
function judged(afterSeconds: number, change: Partial<ProofInput> = {}): ReturnType<typeof judgeProof> {
  const nowMs = firstDenyMs + afterSeconds * 1000;
  return judgeProof({
    records: [],
    firstDenyMs,
    effectiveFromMs: firstDenyMs,
    coveredUntilMs: nowMs - 900_000,
    nowMs,
    complete: true,
    configuration: configured,
    waits: { quietWindowSeconds: 900, deliveryDelaySeconds: 900 },
    regions: ['us-east-1'],
    ...change,
  });
}

describe('the proof', () => {
  it('is complete after window and delivery delay, and names sign and window', () => {
    const { proof } = judged(1800);

    expect(proof.state).toBe('proven');
    expect(proof.provenBy).toEqual([
      'explicit deny in simulation and every access key Inactive',
      'no successful call from 2026-11-22T10:00:00.400Z to 2026-11-22T10:15:00.400Z (quiet window 900 s)',
    ]);
  });

  it('is not complete 1 s earlier, and says how long to wait', () => {
    expect(judged(1799).proof).toMatchObject({ state: 'applied', wantsSeconds: 1 });
  });

  it('counts a refused call after the deny as a sign, with its event', () => {
    const refused = aRecord({ eventTime: '2026-11-22T10:00:05Z', eventName: 'CreateUser', errorCode: 'AccessDenied', eventID: 'e-7' });

    expect(judged(1800, { configuration: blind, records: [refused] }).proof).toMatchObject({
      state: 'proven',
      provenBy: [expect.stringContaining('event e-7'), expect.anything()],
    });
  });

  it('stays quiet without a positive sign', () => {
    const { proof } = judged(1800, { configuration: blind });

    expect(proof.state).toBe('quiet');
    expect(proof.provenBy).toEqual([]);
    expect(proof.limits.join()).toContain('no positive sign');
  });

  it('stays quiet when the configuration was not confirmed, or a key is active', () => {
    expect(judged(1800, { configuration: { ...configured, confirmed: false } }).proof.state).toBe('quiet');
    expect(judged(1800, { configuration: { ...configured, keysInactive: false } }).proof.state).toBe('quiet');
  });

  it('moves effectiveFrom behind the last success, a whole second later because CloudTrail keeps whole seconds', () => {
    const success = aRecord({ eventTime: '2026-11-22T10:00:03Z' });

    const judgement = judged(1800, { records: [success] });

    expect(judgement.effectiveFromAt).toBe('2026-11-22T10:00:04.000Z');
    expect(judgement.proof.state).toBe('applied');
    expect(judged(1804, { records: [success] }).proof.state).toBe('proven');
  });

  it('counts a success in the very second of the deny against us', () => {
    expect(judged(1800, { records: [aRecord({ eventTime: '2026-11-22T10:00:00Z' })] }).effectiveFromAt).toBe('2026-11-22T10:00:01.000Z');
  });

  it.each(['GetCallerIdentity', 'GetSessionToken'])('does not count %s, which succeeds under an explicit deny', (eventName) => {
    expect(judged(1800, { records: [aRecord({ eventTime: '2026-11-22T10:05:00Z', eventName })] }).proof.state).toBe('proven');
  });

  it('never moves effectiveFrom earlier again', () => {
    expect(judged(1800, { effectiveFromMs: firstDenyMs + 60_000 }).effectiveFromAt).toBe('2026-11-22T10:01:00.400Z');
  });

  it('is never proven when CloudTrail was not read to its end', () => {
    const { proof } = judged(9000, { complete: false });

    expect(proof.state).toBe('applied');
    expect(proof.limits.join()).toContain('could not be read to its end');
  });
});
