import { isObject, RejectedMessageError, type JsonObject } from './json-reader.js';
import { parseJson } from './safe-json.js';

/** SNS in SQS in a Lambda event is three; more is nobody's transport. */
const MAX_NESTING = 4;

/**
 * Takes a finding out of its transport: SNS over HTTP, SQS (ReceiveMessage and Lambda), SNS to Lambda, and
 * these in one another. One message can carry several; those that are no JSON object come back as the error that says so, and do not
 * hold up the others.
 *
 * @throws RejectedMessageError when the transport itself cannot be read.
 */
export function unwrap(message: JsonObject, nesting = 0): (JsonObject | RejectedMessageError)[] {
  const inner = contentsOf(message);
  if (inner === undefined) return [message];
  if (nesting >= MAX_NESTING) throw new RejectedMessageError('envelopes are nested too deeply');
  return inner.flatMap((text) => orRejected(() => unwrap(bodyOf(text), nesting + 1)));
}

function bodyOf(text: string): JsonObject {
  const body = parseJson(text, 'the enveloped message');
  if (isObject(body)) return body;
  throw new RejectedMessageError('the enveloped message is not a JSON object');
}

/** What a part of a message holds, or why that part is no alert. */
export function orRejected<T>(read: () => T[]): (T | RejectedMessageError)[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof RejectedMessageError) return [error];
    throw error;
  }
}

/** The texts inside an envelope, or `undefined` when the message is none. */
function contentsOf(message: JsonObject): string[] | undefined {
  if (Array.isArray(message['Records'])) return message['Records'].map(recordText);
  if (Array.isArray(message['Messages'])) return message['Messages'].map((entry) => textIn(entry, 'Body'));
  if (typeof message['Body'] === 'string' && 'ReceiptHandle' in message) return [message['Body']];
  if (typeof message['TopicArn'] !== 'string' || typeof message['Type'] !== 'string') return undefined;
  if (message['Type'] !== 'Notification') throw new RejectedMessageError('an SNS message that is no notification');
  return [textIn(message, 'Message')];
}

function recordText(record: unknown): string {
  if (!isObject(record)) throw new RejectedMessageError('an envelope record is not a JSON object');
  return 'Sns' in record ? textIn(record['Sns'], 'Message') : textIn(record, 'body');
}

function textIn(value: unknown, field: string): string {
  if (isObject(value) && typeof value[field] === 'string') return value[field];
  throw new RejectedMessageError(`an envelope without ${field}`);
}
