import { timeMs } from './times.js';
import { isObject, listAt, textAt, valueAt } from './values.js';

/** Who made a call, as its record tells (aws-domain 5.3). */
export interface Actor {
  readonly type: string;
  readonly arn?: string | undefined;
  readonly key?: string | undefined;
  readonly principalId?: string | undefined;
  readonly account?: string | undefined;
  readonly userName?: string | undefined;
  readonly provider?: string | undefined;
  /** Role or user behind a session. */
  readonly issuerArn?: string | undefined;
  /** When the session was issued, epoch ms. */
  readonly createdAt?: number | undefined;
}

/** The part of a CloudTrail record that lineage needs. `params` and `response` are left out of plain reads. */
export interface LogRecord {
  readonly id: string;
  readonly at: number;
  readonly name: string;
  readonly source: string;
  readonly region: string;
  readonly account: string;
  readonly ip: string;
  readonly agent: string;
  readonly error?: string | undefined;
  readonly shared?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly isData: boolean;
  readonly isCorrection: boolean;
  readonly actor: Actor;
  readonly params: unknown;
  readonly response: unknown;
  readonly named: readonly { readonly arn: string; readonly type: string }[];
}

const CONTROL = /\p{Cc}/u;
const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];
/** Reads that hand out credentials or secrets (aws-domain 5.2: many carry readOnly=true). */
const TELLING_READ = /^(Assume|GetRole|GetSecret|BatchGetSecret|GetParameter|GetS|GetF|GetW|GetDelegated|Console)/;

/** Reads one record; the reason where it is none. */
export function readLogRecord(value: unknown): LogRecord | string {
  if (!isObject(value)) return 'not an object';
  const identity = valueAt(value, 'userIdentity');
  if (hasForbiddenKey(value) || (isObject(identity) && hasForbiddenKey(identity))) return 'a forbidden key';
  const [id, name, source] = [textAt(value, 'eventID'), textAt(value, 'eventName'), textAt(value, 'eventSource')];
  const at = timeMs(textAt(value, 'eventTime'));
  if (id === undefined || name === undefined || source === undefined || at === undefined) return 'no CloudTrail record';
  const actor = actorOf(identity);
  if ([id, name, source, actor.arn, actor.key, actor.principalId].some((text) => text !== undefined && CONTROL.test(text))) {
    return 'control characters in an identifier';
  }
  const readOnly = valueAt(value, 'readOnly');
  const keep = readOnly !== true || TELLING_READ.test(name);
  return {
    id,
    at,
    name,
    source,
    actor,
    region: textAt(value, 'awsRegion') ?? 'unknown',
    account: textAt(value, 'recipientAccountId') ?? actor.account ?? 'unknown',
    ip: (textAt(value, 'sourceIPAddress') ?? 'unknown').toLowerCase(),
    agent: textAt(value, 'userAgent') ?? 'unknown',
    error: textAt(value, 'errorCode') ?? (textAt(value, 'errorMessage') === undefined ? failedSignIn(value) : 'Error'),
    shared: textAt(value, 'sharedEventID'),
    readOnly: typeof readOnly === 'boolean' ? readOnly : undefined,
    isData: textAt(value, 'eventCategory') === 'Data' || valueAt(value, 'managementEvent') === false,
    isCorrection: textAt(value, 'addendum.reason') === 'UPDATED_DATA',
    params: keep ? (valueAt(value, 'requestParameters') ?? null) : null,
    response: keep ? (valueAt(value, 'responseElements') ?? null) : null,
    named: keep ? listAt(value, 'resources').flatMap(namedResource) : [],
  };
}

/** A failed sign-in carries no errorCode, only its outcome. */
function failedSignIn(value: unknown): string | undefined {
  return textAt(value, 'responseElements.ConsoleLogin') === 'Failure' ? 'Failure' : undefined;
}

function namedResource(value: unknown): { arn: string; type: string }[] {
  const arn = textAt(value, 'ARN') ?? textAt(value, 'arn');
  return arn === undefined ? [] : [{ arn, type: textAt(value, 'type') ?? 'unknown' }];
}

function actorOf(identity: unknown): Actor {
  return {
    type: textAt(identity, 'type') ?? 'Unknown',
    arn: textAt(identity, 'arn'),
    key: textAt(identity, 'accessKeyId'),
    principalId: textAt(identity, 'principalId'),
    account: textAt(identity, 'accountId'),
    userName: textAt(identity, 'userName'),
    provider: textAt(identity, 'identityProvider'),
    issuerArn: textAt(identity, 'sessionContext.sessionIssuer.arn'),
    createdAt: timeMs(textAt(identity, 'sessionContext.attributes.creationDate')),
  };
}

function hasForbiddenKey(value: object): boolean {
  return FORBIDDEN.some((key) => Object.hasOwn(value, key));
}
