import { describe, expect, it } from 'vitest';
import { aHealthEvent, alertOf, alertsOf, publicSamples } from './samples.js';

describe('AWS Health events', () => {
  it('opens an incident for an exposed key', () => {
    expect(alertOf(aHealthEvent())).toMatchObject({
      source: 'aws-health',
      type: 'AWS_RISK_CREDENTIALS_EXPOSED',
      severity: 'CRITICAL',
      account: '111122223333',
      hints: { accessKeyId: 'AKIAQYLPMN5HEXAMPLE1', userName: 'ci-deploy' },
      facts: { publicExposure: true },
      detectedAt: '2026-03-01T11:37:54.000Z',
      disposition: 'open',
    });
  });

  it.each([
    ['AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED', false],
    ['AWS_RISK_CREDENTIALS_COMPROMISED', false],
    ['AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED', false],
    ['AWS_RISK_IAM_QUARANTINE', true],
  ])('opens one for %s', (eventTypeCode, publicExposure) => {
    expect(alertOf(aHealthEvent({ detail: { eventTypeCode } }))).toMatchObject({ disposition: 'open', facts: { publicExposure } });
  });

  it.each([
    ['only in affectedEntities', { resources: [], detail: { eventMetadata: {} } }],
    ['only in resources', { detail: { affectedEntities: [], eventMetadata: {} } }],
    ['only in eventMetadata', { resources: [], detail: { affectedEntities: [] } }],
  ])('finds the key %s', (_, change) => {
    expect(alertOf(aHealthEvent(change)).hints.accessKeyId).toBe('AKIAQYLPMN5HEXAMPLE1');
  });

  it('makes one alert per entity, each with an id of its own', () => {
    const affectedEntities = [{ entityValue: 'AKIAQYLPMN5HEXAMPLE1' }, { entityValue: 'AKIAQYLPMN5HEXAMPLE2' }];

    const alerts = alertsOf(aHealthEvent({ detail: { affectedEntities } }));

    expect(alerts.map((alert) => alert.hints.accessKeyId)).toEqual(['AKIAQYLPMN5HEXAMPLE1', 'AKIAQYLPMN5HEXAMPLE2']);
    expect(new Set(alerts.map((alert) => alert.alertId)).size).toBe(2);
  });

  it('takes the affected account of the organization view', () => {
    expect(alertOf(aHealthEvent({ detail: { affectedAccount: '444455556666' } })).account).toBe('444455556666');
  });

  it.each([
    ['closed event', { detail: { statusCode: 'closed' } }, 'ignore'],
    ['service event', { detail: { service: 'EC2', eventTypeCode: 'AWS_EC2_OPERATIONAL_ISSUE' } }, 'ignore'],
    ['unknown risk code', { detail: { eventTypeCode: 'AWS_RISK_SOMETHING_NEW' } }, 'review'],
    ['event without a credential', { resources: [], detail: { affectedEntities: [], eventMetadata: {} } }, 'review'],
  ])('%s is %s', (_, change, disposition) => {
    expect(alertOf(aHealthEvent(change)).disposition).toBe(disposition);
  });

  it('leaves the public example, whose account and key are malformed, to a person', () => {
    const alert = alertOf(publicSamples().find((entry) => entry.name === 'health-risk-credentials-exposed')?.body);

    expect(alert).toMatchObject({ disposition: 'review', hints: { userName: 'test-1' } });
    expect(alert.account).toBeUndefined();
    expect(alert.reason).toContain('AKIAXXXXXXXXXX');
  });
});
