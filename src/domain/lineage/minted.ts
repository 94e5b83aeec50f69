import type { LogRecord } from './log-record.js';
import { timeMs } from './times.js';
import { listAt, textAt, valueAt } from './values.js';

export type CredentialKind =
  | 'access-key'
  | 'role-session'
  | 'session-token'
  | 'federation-token'
  | 'root-session'
  | 'console-session'
  | 'session'
  | 'service-specific-credential'
  | 'secret';

/** A credential that a record shows being issued. */
export interface Minted {
  readonly id: string;
  readonly kind: CredentialKind;
  /** ARN of the user or role whose permissions it carries. */
  readonly principal?: string | undefined;
  /** `AROA…:name` of a role session. */
  readonly session?: string | undefined;
  readonly mintedAt: number;
  readonly expiresAt?: number | undefined;
}

const HOUR_MS = 3_600_000;
/** What a call issues, and how long it lives when the record does not say (STS API reference: DurationSeconds of each call). */
const ISSUERS = new Map<string, { readonly kind: CredentialKind; readonly defaultMs: number }>([
  ['AssumeRole', { kind: 'role-session', defaultMs: HOUR_MS }],
  ['AssumeRoleWithSAML', { kind: 'role-session', defaultMs: HOUR_MS }],
  ['AssumeRoleWithWebIdentity', { kind: 'role-session', defaultMs: HOUR_MS }],
  ['GetSessionToken', { kind: 'session-token', defaultMs: 12 * HOUR_MS }],
  ['GetFederationToken', { kind: 'federation-token', defaultMs: 12 * HOUR_MS }],
  ['AssumeRoot', { kind: 'root-session', defaultMs: HOUR_MS / 4 }],
  ['GetSigninToken', { kind: 'console-session', defaultMs: 12 * HOUR_MS }],
  ['ConsoleLogin', { kind: 'console-session', defaultMs: 12 * HOUR_MS }],
  ['CreateOAuth2Token', { kind: 'console-session', defaultMs: 12 * HOUR_MS }],
]);
/** Where a response may hold the issued key. */
const KEY_PATHS = ['credentials', 'roleCredentials', 'accessKey'];

/** How long a session lives whose issue is not in the logs: the most a role allows (aws-domain 1). */
export const UNKNOWN_SESSION_MS = 12 * HOUR_MS;

/** The key id in a successful response, whatever the call. */
export function mintedKeyOf(record: LogRecord): string | undefined {
  if (record.error !== undefined || record.response === null) return undefined;
  for (const path of KEY_PATHS) {
    const id = textAt(record.response, `${path}.accessKeyId`);
    if (id !== undefined) return id;
  }
  return textAt(listAt(record.response, 'credentialSet')[0], 'credentials.accessKeyId');
}

/** Whether the call gives out a session, with or without its key id in the record. */
export function isSessionIssue(record: LogRecord): boolean {
  return record.error === undefined && ISSUERS.has(record.name);
}

/** The credential a record issues, with what the record tells about it. */
export function mintedBy(record: LogRecord): Minted | undefined {
  const id = mintedKeyOf(record) ?? textAt(record.response, 'serviceSpecificCredential.serviceSpecificCredentialId');
  if (record.error !== undefined || id === undefined) return undefined;
  if (record.name === 'CreateAccessKey') return { id, kind: 'access-key', principal: keyOwner(record), mintedAt: record.at };
  if (record.name === 'CreateServiceSpecificCredential') {
    return { id, kind: 'service-specific-credential', principal: keyOwner(record), mintedAt: record.at };
  }
  return { id, ...sessionFacts(record) };
}

/** Kind, principal and end of the session that a record issues. */
export function sessionFacts(record: LogRecord): Omit<Minted, 'id'> {
  const issuer = ISSUERS.get(record.name) ?? { kind: 'session' as const, defaultMs: UNKNOWN_SESSION_MS };
  const seconds = Number(valueAt(record.params, 'durationSeconds') ?? NaN);
  const lifeMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : issuer.defaultMs;
  return {
    kind: issuer.kind,
    principal: issuedFor(record),
    session: textAt(record.response, 'assumedRoleUser.assumedRoleId'),
    mintedAt: record.at,
    expiresAt: timeMs(textAt(record.response, 'credentials.expiration')) ?? record.at + lifeMs,
  };
}

/** ARN of a user by name in the account of the call; the path is unknown, so it is left out. */
export function userArn(record: LogRecord, name: string): string {
  return `arn:${partitionOf(record)}:iam::${record.actor.account ?? record.account}:user/${name}`;
}

/** `aws`, `aws-cn`, `aws-us-gov`, …, as the caller's ARN says. */
export function partitionOf(record: LogRecord): string {
  return /^arn:([a-z-]+):/.exec(record.actor.arn ?? '')?.[1] ?? 'aws';
}

function keyOwner(record: LogRecord): string | undefined {
  const name =
    textAt(record.response, 'accessKey.userName') ??
    textAt(record.response, 'serviceSpecificCredential.userName') ??
    textAt(record.params, 'userName');
  // Without a name the caller makes a key for itself; so does root.
  return name === undefined ? record.actor.arn : userArn(record, name);
}

function issuedFor(record: LogRecord): string | undefined {
  if (record.name === 'AssumeRoot') return textAt(record.params, 'targetPrincipal');
  const assumed = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(textAt(record.response, 'assumedRoleUser.arn') ?? '');
  const role = textAt(record.params, 'roleArn');
  if (role !== undefined) return role;
  if (assumed !== null) return `arn:${assumed[1]}:iam::${assumed[2]}:role/${assumed[3]}`;
  return record.actor.issuerArn ?? record.actor.arn;
}
