import type { UnsignedAlert } from '../../contracts/alert.js';
import { checkHints, isAccessKeyId, shown, type CheckedHints, type RawHints } from '../../domain/alerts/grammar.js';
import { draftAlert, type Judgement } from '../draft-alert.js';
import { isObject, listAt, RejectedMessageError, textAt, valueAt, type JsonObject } from '../json-reader.js';
import { requiredText, timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

/** AWS's own RISK codes, with our score on GuardDuty's scale: a found key is used within a minute (aws-domain 1.2). */
const CODES: Record<string, { score: number; publicExposure: boolean; title: string }> = {
  AWS_RISK_CREDENTIALS_EXPOSED: { score: 9, publicExposure: true, title: 'AWS found the access key in public' },
  AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED: { score: 6, publicExposure: false, title: 'AWS suspects that the access key is public' },
  AWS_RISK_CREDENTIALS_COMPROMISED: { score: 9, publicExposure: false, title: 'AWS reports the credentials as compromised' },
  AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED: {
    score: 7,
    publicExposure: false,
    title: 'AWS suspects that the credentials are compromised',
  },
  AWS_RISK_IAM_QUARANTINE: { score: 8, publicExposure: true, title: 'AWS put the principal under its quarantine policy' },
};

/** AWS Health: exposed and compromised credentials (service RISK). */
export const awsHealth: AlertSource = {
  id: 'aws-health',
  recognises: (body) => body['source'] === 'aws.health' || valueAt(body, 'detail-type') === 'AWS Health Event',
  parse: (body, receivedAt, { sources }) => {
    const { detail } = body;
    if (!isObject(detail)) throw new RejectedMessageError('an AWS Health event without detail');
    const entities = entitiesOf(body, detail);
    const all = entities.length === 0 ? [undefined] : entities;
    return all.map((entity, index) =>
      alertOf({ body, detail, entity, index, receivedAt, only: all.length === 1, partition: sources?.partition }),
    );
  },
};

interface One {
  readonly body: JsonObject;
  readonly detail: JsonObject;
  readonly entity: string | undefined;
  readonly index: number;
  readonly receivedAt: string;
  /** The event tells of one entity: then what it says of a user is about that one. */
  readonly only: boolean;
  readonly partition: string | undefined;
}

function alertOf({ body, detail, entity, index, receivedAt, only, partition }: One): UnsignedAlert {
  const eventArn = requiredText(detail, 'eventArn', 'AWS Health event');
  const type = requiredText(detail, 'eventTypeCode', 'AWS Health event');
  const code = Object.hasOwn(CODES, type) ? CODES[type] : undefined;
  const account = textAt(detail, 'affectedAccount');
  const checked = checkHints(
    {
      // In the organization view the event's account is not the affected one; the field sometimes repeats the entity.
      account: account !== undefined && account !== entity ? account : textAt(body, 'account'),
      region: textAt(detail, 'eventRegion') ?? textAt(body, 'region'),
      ...(only ? { userName: textAt(detail, 'eventMetadata.userName') } : {}),
      ...hintsOf(entity),
    },
    partition,
  );
  const named = checked.hints.accessKeyId !== undefined || checked.hints.arn !== undefined || checked.hints.userName !== undefined;
  return draftAlert({
    source: 'aws-health',
    alertId: index === 0 ? eventArn : `${eventArn}#${entity ?? ''}`,
    type,
    title: code?.title ?? `AWS Health event ${type}`,
    score: code?.score ?? 0,
    checked,
    kind: named && (checked.hints.accessKeyId?.startsWith('ASIA') ?? false) ? 'session' : named ? 'user' : 'unknown',
    facts: { publicExposure: code?.publicExposure ?? false },
    times: timesOf({
      detected: [valueAt(detail, 'startTime'), body['time'], valueAt(detail, 'lastUpdatedTime')],
      firstSeen: [valueAt(detail, 'startTime')],
      receivedAt,
    }),
    receivedAt,
    judgement: judge(detail, type, { checked, named }),
    body: detail,
  });
}

function judge(detail: JsonObject, type: string, { checked, named }: { checked: CheckedHints; named: boolean }): Judgement {
  if (textAt(detail, 'service') !== 'RISK')
    return { disposition: 'ignore', reason: 'a service event of AWS Health, not about credentials' };
  if (textAt(detail, 'statusCode') === 'closed') return { disposition: 'ignore', reason: 'AWS Health has closed the event' };
  if (!Object.hasOwn(CODES, type)) return { disposition: 'review', reason: `risk code ${shown(type)} is not known here` };
  if (!named) return { disposition: 'review', reason: 'the event names no credential' };
  if (checked.account === undefined) return { disposition: 'review', reason: 'the event names no account' };
  return { disposition: 'open', reason: `AWS Health ${type}` };
}

/** Every entity once, wherever this vintage of the event names it. Account ids are not credentials. */
function entitiesOf(body: JsonObject, detail: JsonObject): string[] {
  const affected = listAt(detail, 'affectedEntities').map((entity) => textAt(entity, 'entityValue'));
  const resources = listAt(body, 'resources').map((resource) => textAt({ resource }, 'resource'));
  const named = [...affected, ...resources, textAt(detail, 'eventMetadata.publicKey')];
  const entities = named.filter((entity) => entity !== undefined && !/^\d{12}$/.test(entity));
  return [...new Set(entities)].filter((entity) => entity !== undefined);
}

function hintsOf(entity: string | undefined): RawHints {
  if (entity === undefined) return {};
  if (!entity.startsWith('arn:'))
    return isAccessKeyId(entity) || /^A[KS]IA/.test(entity) || !/^[\w+=,.@-]{1,64}$/.test(entity)
      ? { accessKeyId: entity }
      : { userName: entity };
  const userName = /:user\/(?:.*\/)?([^/]+)$/.exec(entity)?.[1];
  return { arn: entity, userName };
}
