import type { UnsignedAlert } from '../contracts/alert.js';
import type { ParseSettings } from '../contracts/detection.js';
import { orRejected, unwrap } from './envelopes.js';
import { isObject, type JsonObject, RejectedMessageError } from './json-reader.js';
import { sourceOf } from './registry.js';
import { parseJson } from './safe-json.js';

export type ParsedMessage =
  | {
      readonly accepted: true;
      readonly alerts: readonly UnsignedAlert[];
      /** Parts of a batch that are no alerts, each with the reason; the others are not held up by them. */
      readonly rejected: readonly string[];
    }
  /** `reason` is one line without anything of the message but field names. */
  | { readonly accepted: false; readonly reason: string };

/**
 * Reads one message of any source. Pure, never throws: the message is untrusted.
 *
 * A message that cannot be read is rejected with a reason. One that can, but names things AWS could not have
 * issued, becomes an alert for `review` (design 10).
 *
 * @param settings what `sources.yaml` and `detection-rules.yaml` say; without them built-in sources alone are known.
 */
export function parseMessage(text: string, receivedAt: string, settings: ParseSettings = {}): ParsedMessage {
  const parts = orRejected(() => partsOf(text)).flatMap((part) =>
    part instanceof RejectedMessageError ? [part] : orRejected(() => alertsIn(part, receivedAt, settings)),
  );
  const rejected = parts.flatMap((part) => (part instanceof RejectedMessageError ? [part.message] : []));
  const alerts = parts.flatMap((part) => (part instanceof RejectedMessageError ? [] : [part]));
  return alerts.length > 0
    ? { accepted: true, alerts, rejected }
    : { accepted: false, reason: rejected[0] ?? 'the message holds no alert' };
}

function partsOf(text: string): (JsonObject | RejectedMessageError)[] {
  const message = parseJson(text, 'the message');
  if (!isObject(message)) throw new RejectedMessageError('the message is not a JSON object');
  return unwrap(message);
}

function alertsIn(body: JsonObject, receivedAt: string, settings: ParseSettings): UnsignedAlert[] {
  const source = sourceOf(body, settings);
  if (source === undefined) throw new RejectedMessageError('no known source sends such a message');
  return source.parse(body, receivedAt, settings);
}
