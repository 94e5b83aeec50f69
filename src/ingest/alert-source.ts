import type { UnsignedAlert } from '../contracts/alert.js';
import type { ParseSettings } from '../contracts/detection.js';
import type { JsonObject } from './json-reader.js';

/** One alert source: a file of its own and a row in `registry.ts`. */
export interface AlertSource {
  /** File name and, but for generic mappings, `Alert.source`. */
  readonly id: string;
  /** Whether a message, out of its envelope, comes from this source. */
  recognises(body: JsonObject, settings: ParseSettings): boolean;
  /**
   * Every alert the message tells of; never empty.
   *
   * @throws RejectedMessageError when the message lacks what the source always sends.
   */
  parse(body: JsonObject, receivedAt: string, settings: ParseSettings): UnsignedAlert[];
}
