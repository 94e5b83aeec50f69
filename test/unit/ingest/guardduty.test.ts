import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aFinding, alertOf, alertsOf, publicSamples, RECEIVED_AT } from './samples.js';

function sample(name: string): unknown {
  return publicSamples().find((entry) => entry.name === name)?.body;
}

describe('GuardDuty findings', () => {
  it('opens an incident for a leaked key of an IAM user, with the facts of the finding', () => {
    const alert = alertOf(aFinding());

    expect(alert).toMatchObject({
      source: 'guardduty',
      alertId: '16afba5c5c43e07c9e3e5e2e544e95df',
      severity: 'HIGH',
      account: '111122223333',
      principalKind: 'user',
      hints: { accessKeyId: 'AKIAQYLPMN5HEXAMPLE1', userName: 'ci-deploy', principalId: 'AIDAQYLPMN5HEXAMPLE1' },
      facts: { torOrMaliciousIp: true, attackSequence: false, score: 8, remoteIp: '198.51.100.7' },
      detectedAt: '2026-03-01T11:38:41.000Z',
      firstSeenAt: '2026-03-01T11:30:00.000Z',
      disposition: 'open',
      sample: false,
    });
  });

  it('reads the same finding bare and in the PascalCase of GetFindings', () => {
    const event = aFinding();
    const pascal = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(pascal);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.charAt(0).toUpperCase() + key.slice(1), pascal(member)]));
    };

    for (const message of [event.detail, pascal(event.detail), { Findings: [pascal(event.detail)] }]) {
      expect(alertOf(message)).toEqual(alertOf(event));
    }
  });

  it('takes it out of SNS, SQS and SNS in SQS, with the same body hash', () => {
    const text = JSON.stringify(aFinding());
    const sns = { Type: 'Notification', MessageId: 'm', TopicArn: 'arn:aws:sns:us-east-1:111122223333:t', Message: text };
    const envelopes = [
      sns,
      { Records: [{ eventSource: 'aws:sqs', body: text }] },
      { Records: [{ EventSource: 'aws:sns', Sns: sns }] },
      { Records: [{ eventSource: 'aws:sqs', body: JSON.stringify(sns) }] },
      { Messages: [{ MessageId: 'm', ReceiptHandle: 'r', Body: text }] },
    ];

    for (const envelope of envelopes) expect(alertOf(envelope)).toEqual(alertOf(aFinding()));
  });

  it.each([
    [3.9, 'LOW'],
    [4, 'MEDIUM'],
    [7, 'HIGH'],
    [8.9, 'HIGH'],
    [9, 'CRITICAL'],
  ])('maps severity %s to %s', (severity, expected) => {
    expect(alertOf(aFinding({ detail: { severity } })).severity).toBe(expected);
  });

  it.each([
    ['a [SAMPLE] title', { detail: { title: '[SAMPLE] something' } }],
    ['additionalInfo.sample true', { service: { additionalInfo: { sample: true } } }],
    ["additionalInfo.sample 'true'", { service: { additionalInfo: { sample: 'true' } } }],
    ['sample inside packed JSON', { service: { additionalInfo: { value: '{"sample":true}' } } }],
  ])('ignores a sample finding: %s', (_, change) => {
    expect(alertOf(aFinding(change))).toMatchObject({ disposition: 'ignore', sample: true });
  });

  it('ignores an archived finding', () => {
    expect(alertOf(aFinding({ service: { archived: true } }))).toMatchObject({ disposition: 'ignore', sample: false });
  });

  it('gives an update of the same finding the same id and another body', () => {
    const [first, update] = [aFinding(), aFinding({ service: { count: 2 } })].map((finding) => alertOf(finding));

    expect(update?.alertId).toBe(first?.alertId);
    expect(update?.bodySha256).not.toBe(first?.bodySha256);
  });

  it('knows every listed IAM finding type, retired ones too', () => {
    const file = new URL('../../fixtures/alerts/guardduty-iam-finding-types.json', import.meta.url);
    const listed = JSON.parse(readFileSync(file, 'utf8')) as { type: string }[];
    const retired = [
      'Persistence:IAMUser/UserPermissions',
      'Behavior:IAMUser/InstanceLaunchUnusual',
      'ResourceConsumption:IAMUser/ComputeResources',
    ];

    for (const type of [...listed.map((row) => row.type), ...retired])
      expect(alertOf(aFinding({ detail: { type } })).disposition, type).toBe('open');
  });

  it.each([
    ['an unknown type', { detail: { type: 'OurRule:Custom/Thing' } }, 'not known'],
    [
      'an EC2 finding without a key',
      { detail: { type: 'Backdoor:EC2/C&CActivity.B', resource: { resourceType: 'Instance' } } },
      'no access key',
    ],
    ['a key AWS cannot have issued', { access: { accessKeyId: 'AKIA1' } }, 'access key id'],
    ['a missing severity', { detail: { severity: null } }, 'no severity'],
  ])('leaves %s to a person', (_, change, reason) => {
    const alert = alertOf(aFinding(change));

    expect(alert.disposition).toBe('review');
    expect(alert.reason).toContain(reason);
  });

  it('keeps the valid hints of a finding with one bad value', () => {
    expect(alertOf(aFinding({ access: { accessKeyId: '../../etc' } })).hints).toEqual({
      userName: 'ci-deploy',
      principalId: 'AIDAQYLPMN5HEXAMPLE1',
    });
  });

  it.each([
    ['Root', 'root'],
    ['AssumedRole', 'session'],
    ['FederatedUser', 'federatedUser'],
    ['AWSAccount', 'account'],
    ['constructor', 'unknown'],
  ])('maps userType %s to %s', (userType, kind) => {
    expect(alertOf(aFinding({ access: { userType } })).principalKind).toBe(kind);
  });

  it('marks a finding whose call was denied', () => {
    const service = { action: { awsApiCallAction: { api: 'CreateUser', errorCode: 'AccessDenied' } } };

    expect(alertOf(aFinding({ service })).deniedOnly).toBe(true);
  });

  it('never starts a clock in the future', () => {
    expect(alertOf(aFinding({ detail: { createdAt: '2031-01-01T00:00:00Z' } })).detectedAt).toBe(RECEIVED_AT);
  });

  it('opens on the first actor of an attack sequence by severity and id; the others follow', () => {
    const actor = (id: string, key: string) => ({
      id,
      user: { name: `user-${id}`, uid: 'AIDAQYLPMN5HEXAMPLE1', type: 'IAMUser', credentialUid: key },
    });
    const sequence = {
      actors: [actor('b', 'AKIAQYLPMN5HEXAMPLEB'), actor('a', 'AKIAQYLPMN5HEXAMPLEA'), actor('c', 'AKIAQYLPMN5HEXAMPLEC')],
      signals: [
        { actorIds: ['c'], severity: 8 },
        { actorIds: ['a', 'b'], severity: 5 },
      ],
    };
    const detail = { type: 'AttackSequence:IAM/CompromisedCredentials', severity: 9, resource: { resourceType: 'AttackSequence' } };

    const alerts = alertsOf(aFinding({ detail: { ...detail, service: { ...aFinding().detail.service, detection: { sequence } } } }));

    expect(alerts.map((alert) => alert.hints.userName)).toEqual(['user-c', 'user-a', 'user-b']);
    expect(alerts.map((alert) => alert.disposition)).toEqual(['open', 'open', 'open']);
    expect(new Set(alerts.map((alert) => alert.alertId)).size).toBe(3);
  });

  it('ignores the public sample finding and leaves the attack sequence without actors to a person', () => {
    expect(alertOf(sample('guardduty-iam-tor-ip-caller'))).toMatchObject({ disposition: 'ignore', sample: true, account: '883606788610' });
    const sequence = alertOf(sample('guardduty-attack-sequence-iam'));
    expect(sequence).toMatchObject({ disposition: 'review', severity: 'CRITICAL', hints: {}, detectedAt: '2025-02-25T20:40:06.721Z' });
    expect(sequence.reason).toContain('john_doe');
  });
});
