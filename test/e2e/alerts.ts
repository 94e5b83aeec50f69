import { randomUUID } from 'node:crypto';
import type { Range } from '../../src/range/index.js';

/** Whom an alert is about. */
export interface Suspect {
  readonly userName: string;
  readonly userId: string;
  readonly accessKeyId: string;
}

export interface FindingChange {
  readonly id?: string;
  readonly type?: string;
  readonly severity?: number;
  readonly title?: string;
  readonly account?: string;
  readonly sample?: boolean;
  readonly firstSeenAt?: string;
  readonly count?: number;
  readonly lastSeenAt?: string;
  /** Every call was refused. */
  readonly denied?: boolean;
}

const MINUTE_MS = 60_000;

/** A user of the range with its active key. */
export function suspectIn(range: Range, userName: string): Suspect {
  const user = range.iamState().users.find(({ name }) => name === userName);
  const key = user?.keys.find(({ status }) => status === 'Active');
  if (user === undefined || key === undefined) throw new Error(`the range has no user ${userName} with an active key`);
  return { userName, userId: user.id, accessKeyId: key.accessKeyId };
}

/** A GuardDuty finding as EventBridge delivers it; by default calls from Tor, severity 5, which alone is *suspected*. */
export function aGuardDutyFinding(suspect: Suspect, change: FindingChange = {}): object {
  const { account = '111122223333', type = 'UnauthorizedAccess:IAMUser/TorIPCaller', severity = 5, count = 1 } = change;
  const now = Date.now();
  const firstSeenAt = change.firstSeenAt ?? new Date(now - MINUTE_MS).toISOString();
  const { userName, userId, accessKeyId } = suspect;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account,
    time: wholeSeconds(now),
    region: 'us-east-1',
    resources: [],
    detail: {
      schemaVersion: '2.0',
      accountId: account,
      region: 'us-east-1',
      partition: 'aws',
      id: change.id ?? randomUUID().replaceAll('-', ''),
      type,
      resource: { resourceType: 'AccessKey', accessKeyDetails: { accessKeyId, principalId: userId, userType: 'IAMUser', userName } },
      service: {
        serviceName: 'guardduty',
        action: {
          actionType: 'AWS_API_CALL',
          awsApiCallAction: {
            api: 'ListUsers',
            serviceName: 'iam.amazonaws.com',
            callerType: 'Remote IP',
            remoteIpDetails: { ipAddressV4: '203.0.113.66' },
            affectedResources: {},
            ...(change.denied === true ? { errorCode: 'AccessDenied' } : {}),
          },
        },
        resourceRole: 'TARGET',
        additionalInfo: change.sample === true ? { sample: true } : {},
        eventFirstSeen: firstSeenAt,
        eventLastSeen: change.lastSeenAt ?? new Date(now).toISOString(),
        archived: false,
        count,
      },
      severity,
      createdAt: new Date(now).toISOString(),
      updatedAt: new Date(now).toISOString(),
      title: `${change.sample === true ? '[SAMPLE] ' : ''}${change.title ?? 'ListUsers was invoked from an unusual place'}`,
      description: 'ListUsers was invoked from an unusual place.',
    },
  };
}

/** AWS Health tells that the key is public: enough for *confirmed* by itself. */
export function aHealthEvent({ userName, accessKeyId }: Pick<Suspect, 'userName' | 'accessKeyId'>, since = new Date()): object {
  const at = since.toUTCString();
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'AWS Health Event',
    source: 'aws.health',
    account: '111122223333',
    time: wholeSeconds(Date.now()),
    region: 'us-east-1',
    resources: [accessKeyId],
    detail: {
      eventArn: `arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/AWS_RISK_CREDENTIALS_EXPOSED-${randomUUID().slice(0, 8)}`,
      service: 'RISK',
      eventTypeCode: 'AWS_RISK_CREDENTIALS_EXPOSED',
      eventTypeCategory: 'issue',
      eventScopeCode: 'ACCOUNT_SPECIFIC',
      startTime: at,
      lastUpdatedTime: at,
      statusCode: 'open',
      eventRegion: 'us-east-1',
      eventDescription: [{ language: 'en_US', latestDescription: 'Your AWS Account may be compromised!' }],
      eventMetadata: { accountId: '111122223333', publicKey: accessKeyId, userName, truncated: 'false' },
      affectedEntities: [{ entityValue: accessKeyId, lastUpdatedTime: at }],
      affectedAccount: '111122223333',
      page: '1',
      totalPages: '1',
    },
  };
}

function wholeSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
