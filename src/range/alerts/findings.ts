import type { Random } from '../random/random.js';
import { FINDING_TYPES, type FindingType } from './finding-types.js';

/** Whose credential an alert tells of, in GuardDuty's words. */
export type Subject = {
  readonly accountId: string;
  readonly accessKeyId: string;
  /** The unique id: AIDA…, AROA…:session, account:name, or the account's. */
  readonly userId: string;
  readonly userName: string;
  /** @default 'IAMUser' */
  readonly userType?: 'IAMUser' | 'AssumedRole' | 'FederatedUser' | 'Root';
};

/** What an alert tells of. */
export type Sighting = Subject & {
  readonly region: string;
  /** @default FINDING_TYPES.maliciousCaller */
  readonly type?: FindingType;
  readonly address: string;
  readonly api: string;
  readonly service: string;
  readonly firstSeenAt: number;
};

const iso = (ms: number): string => new Date(ms).toISOString();
const wholeSeconds = (ms: number): string => `${iso(ms).slice(0, 19)}Z`;

/** The detector and the finding: drawn from a fork, so every delivery and every read has the same ids. */
export function guardDutyIds(random: Random): { readonly detectorId: string; readonly findingId: string } {
  const ids = random.fork('guardduty');
  return { detectorId: ids.text('0123456789abcdef', 32), findingId: ids.text('0123456789abcdef', 32) };
}

/** A GuardDuty finding as EventBridge delivers it. `count` and `updatedAt` grow on each delivery of the same finding. */
export function guardDutyFinding(sighting: Sighting, { random, count, now }: { random: Random; count: number; now: number }): object {
  const { accountId, region, accessKeyId, userName, userId, address, api, service, firstSeenAt } = sighting;
  const { userType = 'IAMUser' } = sighting;
  const type: FindingType = sighting.type ?? FINDING_TYPES.maliciousCaller;
  const { detectorId, findingId } = guardDutyIds(random);
  return {
    version: '0',
    id: random.fork(`guardduty-delivery-${count}`).uuid(),
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account: accountId,
    time: wholeSeconds(now),
    region,
    resources: [],
    detail: {
      schemaVersion: '2.0',
      accountId,
      region,
      partition: 'aws',
      id: findingId,
      arn: `arn:aws:guardduty:${region}:${accountId}:detector/${detectorId}/finding/${findingId}`,
      type: type.name,
      resource: { resourceType: 'AccessKey', accessKeyDetails: { accessKeyId, principalId: userId, userType, userName } },
      service: {
        serviceName: 'guardduty',
        detectorId,
        action: {
          actionType: 'AWS_API_CALL',
          awsApiCallAction: {
            api,
            serviceName: `${service}.amazonaws.com`,
            callerType: 'Remote IP',
            remoteIpDetails: {
              ipAddressV4: address,
              organization: { asn: '64496', asnOrg: 'Documentation AS', isp: 'Documentation ISP', org: 'Documentation Org' },
              country: { countryName: 'Nowhere' },
              city: { cityName: '' },
              geoLocation: { lat: 0, lon: 0 },
            },
            affectedResources: {},
          },
        },
        resourceRole: 'TARGET',
        additionalInfo: type.additionalInfo,
        ...(type.evidence === undefined ? {} : { evidence: type.evidence }),
        eventFirstSeen: iso(firstSeenAt),
        eventLastSeen: iso(now),
        archived: false,
        count,
      },
      severity: type.severity,
      createdAt: iso(firstSeenAt + 1000),
      updatedAt: iso(now),
      title: type.title(sighting),
      description: type.description(sighting),
    },
  };
}

/** An AWS Health event of a publicly exposed key, in the shape of AWS's own samples. Every delivery is the same. */
export function healthEvent(sighting: Sighting, { random, now }: { random: Random; now: number }): object {
  const { accountId, accessKeyId, userName } = sighting;
  const ids = random.fork('health');
  const at = new Date(now).toUTCString();
  return {
    version: '0',
    id: ids.uuid(),
    'detail-type': 'AWS Health Event',
    source: 'aws.health',
    account: accountId,
    time: wholeSeconds(now),
    region: 'us-east-1',
    resources: [accessKeyId],
    detail: {
      eventArn: `arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/AWS_RISK_CREDENTIALS_EXPOSED-${ids.text('ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz0123456789', 10)}`,
      service: 'RISK',
      eventTypeCode: 'AWS_RISK_CREDENTIALS_EXPOSED',
      eventTypeCategory: 'issue',
      eventScopeCode: 'ACCOUNT_SPECIFIC',
      communicationId: ids.text('0123456789abcdef', 44),
      startTime: at,
      endTime: new Date(now + 14 * 24 * 3_600_000).toUTCString(),
      lastUpdatedTime: at,
      statusCode: 'open',
      eventRegion: 'us-east-1',
      eventDescription: [
        { language: 'en_US', latestDescription: 'Your AWS Account may be compromised! We have opened a Support Case with more details.' },
      ],
      eventMetadata: {
        accountId,
        publicKey: accessKeyId,
        userName,
        exposedUrl: 'https://github.com/acme-build/infra/blob/main/ci.env',
        truncated: 'false',
      },
      affectedEntities: [{ entityValue: accessKeyId, lastUpdatedTime: at }],
      affectedAccount: accountId,
      page: '1',
      totalPages: '1',
    },
  };
}
