import { beforeAll, describe, expect, it } from 'vitest';
import { Alert, type UnsignedAlert } from '../../../src/contracts/alert.js';
import type { ParseSettings } from '../../../src/contracts/detection.js';
import { parseMessage } from '../../../src/ingest/parse-message.js';
import { ALERT_SOURCES } from '../../../src/ingest/registry.js';
import { alertsOf, golden, goldenSamples, publicSamples, RECEIVED_AT, settingsWithFalcon } from './samples.js';

const KEY = 'AKIAQYLPMN5HEXAMPLE1';
const SESSION_KEY = 'ASIAQYLPMN5HEXAMPLE3';
const USER = { accessKeyId: KEY, userName: 'ci-deploy' };
const WEB_SERVER = { userName: 'web-server', arn: 'arn:aws:iam::111122223333:role/web-server' };

let settings: ParseSettings;
beforeAll(async () => {
  settings = await settingsWithFalcon();
});

/** Golden sample → what becomes of each of its alerts. */
const ROWS: [string, { disposition: string; severity: string; principalKind: string; hints: object; [field: string]: unknown }[]][] = [
  ['guardduty-eventbridge', [{ disposition: 'open', severity: 'MEDIUM', principalKind: 'user', hints: USER, account: '111122223333' }]],
  [
    'guardduty-sns-instance-credentials',
    [
      {
        disposition: 'open',
        severity: 'HIGH',
        principalKind: 'session',
        hints: { accessKeyId: SESSION_KEY, userName: 'web-server', principalId: 'AROAQYLPMN5HEXAMPLE2:i-0abc1234def567890' },
        facts: { credentialExfiltration: true },
      },
    ],
  ],
  ['guardduty-get-findings', [{ disposition: 'open', severity: 'MEDIUM', principalKind: 'user', hints: USER }]],
  [
    'guardduty-attack-sequence',
    [
      { disposition: 'open', severity: 'CRITICAL', principalKind: 'user', hints: USER, facts: { attackSequence: true } },
      { disposition: 'open', severity: 'CRITICAL', principalKind: 'session', hints: { ...WEB_SERVER, accessKeyId: SESSION_KEY } },
    ],
  ],
  ['guardduty-sample', [{ disposition: 'ignore', severity: 'MEDIUM', principalKind: 'user', hints: {}, sample: true }]],
  [
    'security-hub-guardduty-key',
    [
      {
        disposition: 'open',
        severity: 'HIGH',
        principalKind: 'user',
        hints: { ...USER, principalId: 'AIDAQYLPMN5HEXAMPLE1' },
        type: 'UnauthorizedAccess:IAMUser/TorIPCaller',
        origin: 'guardduty',
        facts: { torOrMaliciousIp: true, remoteIp: '198.51.100.7', score: 8 },
      },
    ],
  ],
  [
    'security-hub-user-and-role',
    [
      { disposition: 'open', severity: 'CRITICAL', principalKind: 'user', hints: USER },
      { disposition: 'open', severity: 'CRITICAL', principalKind: 'role', hints: WEB_SERVER },
    ],
  ],
  [
    'security-hub-ocsf-detection',
    [
      {
        disposition: 'open',
        severity: 'HIGH',
        principalKind: 'user',
        hints: USER,
        origin: 'guardduty',
        facts: { torOrMaliciousIp: true, remoteIp: '198.51.100.7' },
        firstSeenAt: '2026-03-01T11:30:00.000Z',
      },
    ],
  ],
  ['security-hub-ocsf-role', [{ disposition: 'open', severity: 'HIGH', principalKind: 'role', hints: WEB_SERVER }]],
  [
    'aws-health-exposed-key',
    [{ disposition: 'open', severity: 'CRITICAL', principalKind: 'user', hints: USER, facts: { publicExposure: true } }],
  ],
  [
    'cloudtrail-create-access-key',
    [
      {
        disposition: 'review',
        severity: 'MEDIUM',
        principalKind: 'user',
        hints: USER,
        type: 'CloudTrail:iam/CreateAccessKey',
        title: expect.stringContaining('backup-admin'),
        call: { eventName: 'CreateAccessKey', service: 'iam', caller: 'IAMUser', refused: false, at: '2026-03-01T11:38:41.000Z' },
      },
    ],
  ],
  [
    'cloudtrail-stop-logging',
    [
      {
        disposition: 'open',
        severity: 'HIGH',
        principalKind: 'session',
        hints: { ...WEB_SERVER, accessKeyId: SESSION_KEY },
        facts: { anomalousBehavior: true, score: 8 },
      },
    ],
  ],
  [
    'cloudtrail-delete-trail-refused',
    [{ disposition: 'open', severity: 'HIGH', principalKind: 'user', hints: USER, deniedOnly: true, facts: { anomalousBehavior: false } }],
  ],
  [
    'cloudtrail-break-glass',
    [
      {
        disposition: 'open',
        severity: 'HIGH',
        principalKind: 'user',
        hints: USER,
        call: { assumes: 'arn:aws:iam::111122223333:role/BreakGlass-Admin' },
      },
    ],
  ],
  ['cloudtrail-root-sign-in', [{ disposition: 'open', severity: 'HIGH', principalKind: 'root', hints: {} }]],
  [
    'cloudtrail-failed-sign-in',
    [{ disposition: 'review', severity: 'MEDIUM', principalKind: 'user', hints: { userName: 'kim' }, deniedOnly: true }],
  ],
  ['cloudtrail-harmless-call', [{ disposition: 'ignore', severity: 'LOW', principalKind: 'user', hints: USER }]],
  ...['cloudwatch-alarm-eventbridge', 'cloudwatch-alarm-sns'].map((name): (typeof ROWS)[number] => [
    name,
    [
      {
        disposition: 'review',
        severity: 'MEDIUM',
        principalKind: 'unknown',
        hints: {},
        region: 'us-east-1',
        alarm: {
          name: 'IAMPolicyChange',
          metrics: [{ namespace: 'CloudTrailMetrics', name: 'IAMPolicyEventCount' }],
          toAt: '2026-03-01T11:39:00.000Z',
        },
      },
    ],
  ]),
  [
    'access-analyzer-role',
    [
      {
        disposition: 'review',
        severity: 'MEDIUM',
        principalKind: 'role',
        hints: { userName: 'web-server', arn: 'arn:aws:iam::111122223333:role/service/web-server' },
      },
    ],
  ],
  ['access-analyzer-unused', [{ disposition: 'ignore', severity: 'MEDIUM', principalKind: 'role', hints: { userName: 'web-server' } }]],
  ['config-role', [{ disposition: 'review', severity: 'MEDIUM', principalKind: 'role', hints: { principalId: 'AROAQYLPMN5HEXAMPLE2' } }]],
  [
    'alertmanager-two-firing',
    [
      { disposition: 'open', severity: 'CRITICAL', principalKind: 'user', hints: USER, alertId: '0a1b2c3d4e5f6071' },
      { disposition: 'open', severity: 'CRITICAL', principalKind: 'role', hints: WEB_SERVER, alertId: '0a1b2c3d4e5f6073' },
    ],
  ],
  [
    'generic-falcon',
    [
      {
        source: 'falcon',
        disposition: 'open',
        severity: 'HIGH',
        principalKind: 'user',
        hints: USER,
        alertId: 'ldt:1',
        facts: { remoteIp: '198.51.100.7' },
        detectedAt: '2026-03-01T11:38:41.000Z',
      },
    ],
  ],
  ['manual-report', [{ disposition: 'open', severity: 'HIGH', principalKind: 'user', hints: { accessKeyId: KEY } }]],
];

describe('golden samples', () => {
  it('have a row each, and every source has a sample', () => {
    expect(ROWS.map(([name]) => name).toSorted()).toEqual(
      goldenSamples()
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(new Set(goldenSamples().map(({ source }) => source))).toEqual(new Set(ALERT_SOURCES.map(({ id }) => id)));
  });

  it.each(ROWS)('%s becomes the alerts it tells of', (name, expected) => {
    const alerts = alertsOf(golden(name), settings);

    expect(alerts).toHaveLength(expected.length);
    for (const [index, alert] of alerts.entries()) {
      expect(alert).toMatchObject(expected[index] ?? {});
      Alert.omit({ receipt: true }).parse(alert);
    }
    expect(new Set(alerts.map(({ alertId }) => alertId)).size).toBe(alerts.length);
  });
});

/** Public sample → the dispositions of its alerts, or why it is rejected. */
const PUBLIC: Record<string, string[] | string> = {
  'guardduty-iam-tor-ip-caller': ['ignore'],
  'securityhub-custom-action-guardduty-iamkey': ['open'],
  'cloudtrail-api-call-create-bucket': ['open'],
  'guardduty-attack-sequence-iam': ['review'],
  'securityhub-asff-iam3-key-rotation': ['ignore'],
  'securityhub-ocsf-compliance-finding': ['ignore'],
  'health-risk-credentials-exposed': ['review'],
  'access-analyzer-finding': ['ignore'],
  'cloudwatch-alarm-via-sns': ['review'],
  'cloudwatch-alarm-lambda-action': ['review'],
  'cloudwatch-alarm-eventbridge': ['review'],
  'sns-envelope-in-sqs': 'no known source sends such a message',
  'alertmanager-webhook': ['review'],
  'config-rule-compliance-change': ['review'],
};

describe('public samples', () => {
  it.each(publicSamples().map(({ name, body }) => [name, body] as const))(
    '%s becomes the right alert or a stated rejection',
    (name, body) => {
      const parsed = parseMessage(JSON.stringify(body), RECEIVED_AT, settings);

      expect(parsed.accepted ? parsed.alerts.map(({ disposition }) => disposition) : parsed.reason).toEqual(PUBLIC[name]);
    },
  );
});

it('finds the fields that the table of sources says', async () => {
  const rows = goldenSamples().flatMap(({ name, body }) => alertsOf(body, settings).map((alert) => tableRow(name, alert)));
  const head = ['Sample', 'Source', 'Becomes', 'Severity', 'Account', 'Key', 'User or role', 'Principal id', 'ARN', 'Address', 'Also'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const text = [
    '# What is found in each source',
    '',
    'Made by `test/unit/ingest/golden.test.ts` from `golden.json` with the shipped rules (`vitest -u` writes it anew). ✓ = found.',
    '',
    ...lines,
    '',
  ].join('\n');

  await expect(text).toMatchFileSnapshot('../../fixtures/alerts/SOURCES.md');
});

function tableRow(name: string, alert: UnsignedAlert): string[] {
  const { hints, facts } = alert;
  const mark = (value: unknown): string => (value === undefined ? '' : '✓');
  const also = [
    alert.call && 'call',
    alert.alarm && 'alarm window',
    alert.origin && `origin ${alert.origin}`,
    alert.deniedOnly && 'refused',
  ];
  return [
    name,
    alert.source,
    alert.disposition,
    alert.severity,
    ...[alert.account, hints.accessKeyId, hints.userName, hints.principalId, hints.arn, facts.remoteIp].map(mark),
    also.filter(Boolean).join(', '),
  ];
}
