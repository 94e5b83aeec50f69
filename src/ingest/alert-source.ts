import type { UnsignedAlert } from '../contracts/alert.js';
import { RejectedMessageError, type JsonObject } from './json-reader.js';

/** One alert source: a file of its own and a row in `registry.ts`. */
export interface AlertSource {
  /** File name and `Alert.source`. */
  readonly id: string;
  /** Whether a message, out of its envelope, comes from this source. */
  recognises(body: JsonObject): boolean;
  /**
   * Every alert the message tells of; never empty.
   *
   * @throws RejectedMessageError when the message lacks what the source always sends.
   */
  parse(body: JsonObject, receivedAt: string): UnsignedAlert[];
}

/** A source that is told apart but not read yet: people see what came, nothing is guessed. */
export function unsupportedSource(id: string, name: string, recognises: (body: JsonObject) => boolean): AlertSource {
  return {
    id,
    recognises,
    parse: () => {
      throw new RejectedMessageError(`source ${name} is not supported yet`);
    },
  };
}
