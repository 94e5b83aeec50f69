import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/contracts/alert.js';
import type { BlastRadius } from '../../../src/contracts/plan.js';
import { scoreAlerts, type ScoreInput } from '../../../src/domain/confidence/score.js';
import { anAlert } from '../../fixtures/builders.js';
import { shippedPolicies } from '../../fixtures/policies.js';

const usual = {
  sourceIp: '203.0.113.10',
  userAgent: 'ci',
  calls: 400,
  firstSeenAt: '2026-11-20T00:00:00.000Z',
  lastSeenAt: '2026-11-22T09:59:00.000Z',
};
const stranger = {
  sourceIp: '198.51.100.7',
  userAgent: 'x',
  calls: 4,
  firstSeenAt: '2026-11-22T09:58:30.000Z',
  lastSeenAt: '2026-11-22T09:59:30.000Z',
};

function facts(change: Partial<Alert['facts']>): Alert {
  const none = { ...anAlert().facts, torOrMaliciousIp: false };
  return anAlert({ facts: { ...none, ...change } });
}

async function scored(change: Partial<ScoreInput> & { alerts: Alert[] }): Promise<ReturnType<typeof scoreAlerts>> {
  const input: ScoreInput = {
    ownerStatements: [],
    ownerSubjects: ['omar'],
    callers: [] as BlastRadius['callers'],
    awsQuarantined: false,
    scoredAt: '2026-11-22T10:01:00.000Z',
    ...change,
  };
  return scoreAlerts(input, await shippedPolicies.confidence());
}

describe('the verdict', () => {
  it('never makes an alert for review benign by itself, however little is known', async () => {
    const open = await scored({ alerts: [facts({ score: 0 })], callers: undefined });
    const review = await scored({ alerts: [{ ...facts({ score: 0 }), disposition: 'review' }], callers: undefined });

    expect([open.verdict, review.verdict]).toEqual(['benign', 'suspected']);
    expect(review.sum).toBe(0);
  });

  it('does not count a finding that another source passes on as a second witness', async () => {
    const passedOn = anAlert({ source: 'security-hub', origin: 'guardduty' });
    const ids = async (alerts: Alert[]): Promise<string[]> => (await scored({ alerts })).signals.map(({ id }) => id);

    expect(await ids([anAlert(), passedOn])).not.toContain('secondSource');
    expect(await ids([anAlert(), { ...passedOn, origin: 'macie' }])).toContain('secondSource');
  });

  it('confirms a key that AWS reports as public, on that alone', async () => {
    expect(await scored({ alerts: [facts({ publicExposure: true })] })).toMatchObject({ verdict: 'confirmed', sum: 80 });
  });

  it('confirms a malicious address that is new to the principal', async () => {
    const verdict = await scored({ alerts: [anAlert()], callers: [usual, stranger] });

    expect(verdict).toMatchObject({ verdict: 'confirmed', sum: 75 });
    expect(verdict.signals.map(({ id }) => id)).toEqual(['torOrMaliciousIp', 'newCaller']);
  });

  it('only suspects a malicious address while nothing else is known', async () => {
    expect(await scored({ alerts: [anAlert()] })).toMatchObject({ verdict: 'suspected', sum: 45 });
  });

  it('calls an anomaly from known addresses only benign, but not before CloudTrail had 15 min to deliver', async () => {
    const alerts = [facts({ anomalousBehavior: true })];

    expect(await scored({ alerts, callers: [usual], scoredAt: '2026-11-22T10:15:00.000Z' })).toMatchObject({ verdict: 'benign', sum: 0 });
    expect(await scored({ alerts, callers: [usual], scoredAt: '2026-11-22T10:14:59.000Z' })).toMatchObject({
      verdict: 'suspected',
      sum: 35,
    });
  });

  it('takes the address that the finding names for a new caller although CloudTrail does not show it yet', async () => {
    const alerts = [facts({ torOrMaliciousIp: true, remoteIp: '192.0.2.99' })];

    expect(await scored({ alerts, callers: [usual] })).toMatchObject({ verdict: 'confirmed', sum: 75 });
    expect(await scored({ alerts: [facts({ torOrMaliciousIp: true, remoteIp: usual.sourceIp })], callers: [usual] })).toMatchObject({
      verdict: 'suspected',
      sum: 45,
    });
  });

  it('takes no known-callers bonus when the events could not be read', async () => {
    expect(await scored({ alerts: [facts({ anomalousBehavior: true })], callers: undefined })).toMatchObject({
      verdict: 'suspected',
      sum: 35,
    });
  });

  it('never turns benign on the word of the owner alone, and confirms on "not me"', async () => {
    const at = '2026-11-22T10:02:00.000Z';
    const alerts = [facts({ anomalousBehavior: true })];

    expect(await scored({ alerts, ownerStatements: [{ subject: 'omar', says: 'wasMe', at }] })).toMatchObject({
      verdict: 'suspected',
      sum: 10,
    });
    expect(await scored({ alerts, ownerStatements: [{ subject: 'omar', says: 'notMe', at }] })).toMatchObject({ verdict: 'confirmed' });
    expect(await scored({ alerts, ownerStatements: [{ subject: 'mallory', says: 'wasMe', at }] })).toMatchObject({ sum: 35 });
  });

  it('gives every signal a weight and a reason that add up to the sum', async () => {
    const { signals, sum } = await scored({
      alerts: [facts({ publicExposure: true, score: 8 }), anAlert({ source: 'aws-health' })],
      awsQuarantined: true,
    });

    expect(signals.reduce((total, { weight }) => total + weight, 0)).toBe(sum);
    expect(signals.every(({ reason }) => reason.length > 10)).toBe(true);
  });
});
