import type { UnsignedAlert } from '../contracts/alert.js';
import type { ParseSettings } from '../contracts/detection.js';
import { unwrap } from './envelopes.js';
import { isObject, RejectedMessageError } from './json-reader.js';
import { sourceOf } from './registry.js';
import { parseJson } from './safe-json.js';

export type ParsedMessage =
  | { readonly accepted: true; readonly alerts: readonly UnsignedAlert[] }
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
  try {
    const message = parseJson(text, 'the message');
    if (!isObject(message)) return { accepted: false, reason: 'the message is not a JSON object' };
    return { accepted: true, alerts: unwrap(message).flatMap((body) => alertsIn(body, receivedAt, settings)) };
  } catch (error) {
    if (error instanceof RejectedMessageError) return { accepted: false, reason: error.message };
    throw error;
  }
}

function alertsIn(body: Record<string, unknown>, receivedAt: string, settings: ParseSettings): UnsignedAlert[] {
  const source = sourceOf(body, settings);
  if (source === undefined) throw new RejectedMessageError('no known source sends such a message');
  return source.parse(body, receivedAt, settings);
}
