import { flagAt, isObject, listAt, proseAt, RejectedMessageError, textAt, valueAt, type JsonObject } from '../json-reader.js';

/** A GuardDuty finding in camelCase with what its envelope says. */
export interface Finding {
  readonly body: JsonObject;
  readonly envelope: { readonly account: string | undefined; readonly region: string | undefined; readonly time: unknown };
}

const NO_ENVELOPE = { account: undefined, region: undefined, time: undefined };

/** Whether the object is a finding as GuardDuty writes it, in either case. */
export function isFinding(body: JsonObject): boolean {
  const camel = typeof body['id'] === 'string' ? body : camelKeys(body);
  const service = valueAt(camel, 'service.serviceName') === 'guardduty' || valueAt(camel, 'service.detectorId') !== undefined;
  return typeof valueAt(camel, 'type') === 'string' && (service || (textIfAny(camel, 'arn')?.includes(':guardduty:') ?? false));
}

/**
 * The findings of one message: EventBridge event, bare finding, or the PascalCase of `GetFindings`.
 *
 * @throws RejectedMessageError when an event holds no finding.
 */
export function findingsIn(body: JsonObject): Finding[] {
  if (body['source'] === 'aws.guardduty') {
    if (!isObject(body['detail']) || textAt(body, 'detail-type') !== 'GuardDuty Finding')
      throw new RejectedMessageError('a GuardDuty event that is no finding');
    return [{ body: body['detail'], envelope: { account: textAt(body, 'account'), region: textAt(body, 'region'), time: body['time'] } }];
  }
  const listed = listAt(body, 'Findings').filter(isObject);
  return (listed.length > 0 ? listed : [body]).map((finding) => {
    const camel = typeof finding['id'] === 'string' ? finding : camelKeys(finding);
    return { body: camel, envelope: NO_ENVELOPE };
  });
}

/** `[SAMPLE]` titles, and `additionalInfo.sample`, which is a boolean, a text, or inside JSON text. */
export function isSample(finding: JsonObject): boolean {
  if (proseAt(finding, 'title', 512)?.startsWith('[SAMPLE]') === true || flagAt(finding, 'service.additionalInfo.sample')) return true;
  const packed = valueAt(finding, 'service.additionalInfo.value');
  return typeof packed === 'string' && /"sample"\s*:\s*"?true/i.test(packed);
}

/** `GetFindings` answers with capital first letters all the way down. */
export function camelKeys(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.charAt(0).toLowerCase() + key.slice(1), camelValue(member)]));
}

function camelValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelValue);
  return isObject(value) ? camelKeys(value) : value;
}

function textIfAny(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : undefined;
}
