import { investigate, type Inquiry } from '../../../src/domain/lineage/investigate.js';
import { type LogRecord, readLogRecord } from '../../../src/domain/lineage/log-record.js';

export const ACCOUNT = '111122223333';
export const USER = `arn:aws:iam::${ACCOUNT}:user/ci-deployer`;
export const KEY = 'AKIAAAAAAAAAAAAAAAAA';
export const THIEF_IP = '198.51.100.9';
export const HOLDER_IP = '10.0.0.5';

const NO_FAULTS = { unreadable: [], unreadFiles: [], conflicts: [] };
let count = 0;

/** Seconds after noon as CloudTrail writes them. */
export function at(second: number): string {
  return new Date(Date.UTC(2026, 2, 1, 12) + second * 1000).toISOString().replace('.000Z', 'Z');
}

export type Raw = Record<string, unknown>;

/** A raw record by the seed's user from the thief's address. */
export function aRecord(eventName: string, members: Raw = {}): Raw {
  count += 1;
  return {
    eventID: `event-${String(count).padStart(5, '0')}`,
    eventTime: at(0),
    eventName,
    eventSource: /^Assume|^Get(Session|Federation|Caller)/.test(eventName) ? 'sts.amazonaws.com' : 'iam.amazonaws.com',
    awsRegion: 'us-east-1',
    sourceIPAddress: THIEF_IP,
    userAgent: 'Boto3/1.34 thief',
    recipientAccountId: ACCOUNT,
    userIdentity: byUser(),
    ...members,
  };
}

export function byUser(key = KEY, userName = 'ci-deployer'): Raw {
  const arn = `arn:aws:iam::${ACCOUNT}:user/${userName}`;
  return { type: 'IAMUser', arn, accessKeyId: key, accountId: ACCOUNT, userName, principalId: `AIDA${userName}` };
}

export function bySession(key: string, session: { role: string; name: string; createdAt: number }): Raw {
  const role = `arn:aws:iam::${ACCOUNT}:role/${session.role}`;
  return {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${session.role}/${session.name}`,
    accessKeyId: key,
    accountId: ACCOUNT,
    principalId: `AROA${session.role}:${session.name}`,
    sessionContext: { attributes: { creationDate: at(session.createdAt) }, sessionIssuer: { type: 'Role', arn: role } },
  };
}

/** A successful AssumeRole that issues `key`. */
export function assumes(key: string, role: string, members: Raw = {}): Raw {
  return aRecord('AssumeRole', {
    readOnly: true,
    requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, roleSessionName: 's' },
    responseElements: {
      credentials: { accessKeyId: key, expiration: 'Mar 1, 2026, 1:00:00 PM', sessionToken: 'SECRET-TOKEN' },
      assumedRoleUser: { assumedRoleId: `AROA${role}:s`, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/s` },
    },
    ...members,
  });
}

export function read(raw: readonly Raw[]): LogRecord[] {
  return raw.map((one) => {
    const record = readLogRecord(JSON.parse(JSON.stringify(one)));
    if (typeof record === 'string') throw new Error(record);
    return record;
  });
}

export function ask(raw: readonly Raw[], inquiry: Partial<Inquiry> = {}) {
  const full = { seed: KEY, suspectIps: new Set<string>(), ownedAccounts: new Set([ACCOUNT]), ...inquiry };
  return investigate(read(raw), full, NO_FAULTS);
}

export const idsOf = (raw: readonly Raw[]): string[] => raw.map((one) => String(one['eventID']));
