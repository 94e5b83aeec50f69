import { readFileSync } from 'node:fs';
import { parseMessage } from '../../../src/ingest/parse-message.js';
import type { UnsignedAlert } from '../../../src/contracts/alert.js';
import { GenericMapping, type ParseSettings } from '../../../src/contracts/detection.js';
import { readParseSettings } from '../../../src/playbooks/parse-settings.js';
import { shippedPolicies } from '../../fixtures/policies.js';

export const RECEIVED_AT = '2026-03-01T12:00:00.000Z';

/** A GuardDuty event as EventBridge delivers it. */
export function aFinding(
  change: { detail?: Record<string, unknown>; access?: Record<string, unknown>; service?: Record<string, unknown> } = {},
) {
  return {
    version: '0',
    id: 'e1',
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account: '111122223333',
    time: '2026-03-01T11:40:00Z',
    region: 'us-east-1',
    resources: [],
    detail: {
      schemaVersion: '2.0',
      accountId: '111122223333',
      region: 'us-east-1',
      partition: 'aws',
      id: '16afba5c5c43e07c9e3e5e2e544e95df',
      arn: 'arn:aws:guardduty:us-east-1:111122223333:detector/d1/finding/16afba5c5c43e07c9e3e5e2e544e95df',
      type: 'UnauthorizedAccess:IAMUser/TorIPCaller',
      severity: 8,
      createdAt: '2026-03-01T11:38:41.000Z',
      updatedAt: '2026-03-01T11:38:41.000Z',
      title: 'API GetCallerIdentity was invoked from a Tor exit node.',
      resource: {
        resourceType: 'AccessKey',
        accessKeyDetails: {
          accessKeyId: 'AKIAQYLPMN5HEXAMPLE1',
          principalId: 'AIDAQYLPMN5HEXAMPLE1',
          userName: 'ci-deploy',
          userType: 'IAMUser',
          ...change.access,
        },
      },
      service: {
        serviceName: 'guardduty',
        detectorId: 'd1',
        archived: false,
        count: 1,
        eventFirstSeen: '2026-03-01T11:30:00.000Z',
        eventLastSeen: '2026-03-01T11:35:00.000Z',
        additionalInfo: {},
        action: {
          actionType: 'AWS_API_CALL',
          awsApiCallAction: { api: 'GetCallerIdentity', remoteIpDetails: { ipAddressV4: '198.51.100.7' } },
        },
        ...change.service,
      },
      ...change.detail,
    },
  };
}

/** An AWS Health event about one exposed key. */
export function aHealthEvent(change: { detail?: Record<string, unknown>; resources?: string[] } = {}) {
  return {
    version: '0',
    id: 'h1',
    'detail-type': 'AWS Health Event',
    source: 'aws.health',
    account: '111122223333',
    time: '2026-03-01T11:40:00Z',
    region: 'us-east-1',
    resources: change.resources ?? ['AKIAQYLPMN5HEXAMPLE1'],
    detail: {
      eventArn: 'arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/AWS_RISK_CREDENTIALS_EXPOSED-abc',
      service: 'RISK',
      eventTypeCode: 'AWS_RISK_CREDENTIALS_EXPOSED',
      eventTypeCategory: 'issue',
      startTime: 'Sun, 01 Mar 2026 11:37:54 GMT',
      statusCode: 'open',
      eventRegion: 'us-east-1',
      eventMetadata: { publicKey: 'AKIAQYLPMN5HEXAMPLE1', userName: 'ci-deploy' },
      affectedEntities: [{ entityValue: 'AKIAQYLPMN5HEXAMPLE1' }],
      ...change.detail,
    },
  };
}

/** The alerts of a message that must be accepted. */
export function alertsOf(message: unknown, settings?: ParseSettings): readonly UnsignedAlert[] {
  const parsed = parseMessage(JSON.stringify(message), RECEIVED_AT, settings);
  if (!parsed.accepted) throw new Error(parsed.reason);
  return parsed.alerts;
}

/** The only alert of a message. */
export function alertOf(message: unknown, settings?: ParseSettings): UnsignedAlert {
  const [alert, ...others] = alertsOf(message, settings);
  if (alert === undefined || others.length > 0) throw new Error('one alert was expected');
  return alert;
}

/** Why a message is rejected. */
export function rejectionOf(text: string): string {
  const parsed = parseMessage(text, RECEIVED_AT);
  if (parsed.accepted) throw new Error('it was accepted');
  return parsed.reason;
}

/** Public alert samples, by name (see test/fixtures/alerts/README.md for their licences). */
export function publicSamples(): { name: string; kind: string; body: unknown }[] {
  const file = new URL('../../fixtures/alerts/alerts-dev.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as { name: string; kind: string; body: unknown }[];
}

/** Our own samples in the documented formats, one or more per source and shape. */
export function goldenSamples(): { name: string; source: string; body: Record<string, unknown> }[] {
  const file = new URL('../../fixtures/alerts/golden.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof goldenSamples>;
}

/** Body of one of them. */
export function golden(name: string): Record<string, unknown> {
  const body = goldenSamples().find((sample) => sample.name === name)?.body;
  if (body === undefined) throw new Error(`no golden sample ${name}`);
  return structuredClone(body);
}

/** A product by a mapping, as in the example of `sources.yaml`. */
export const FALCON = GenericMapping.parse({
  id: 'falcon',
  match: { path: 'product', equals: 'Falcon' },
  items: 'detections',
  fields: {
    id: 'detection_id',
    type: 'tactic',
    title: 'description',
    severity: 'severity_name',
    account: 'cloud.account_id',
    accessKeyId: "indicators[0]['aws/access-key']",
    userName: 'user.name',
    remoteIp: 'remote.ip',
    time: 'timestamp',
  },
  severities: { High: 'HIGH' },
  disposition: 'open',
});

/** What is shipped, with one mapping. */
export async function settingsWithFalcon(): Promise<ParseSettings> {
  const { sources, rules } = await readParseSettings(shippedPolicies);
  if (sources === undefined || rules === undefined) throw new Error('sources.yaml and detection-rules.yaml are shipped');
  return { rules, sources: { ...sources, generic: [FALCON] } };
}
