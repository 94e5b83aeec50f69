import { isObject, type JsonObject } from '../json-value.js';

/** The statements of a policy: one alone may stand without an array. */
export function statementsIn({ Statement: given }: JsonObject): JsonObject[] {
  return (Array.isArray(given) ? given : [given]).filter(isObject);
}
