import { valueAt } from '../json-value.js';

export { isObject, type JsonObject, valueAt } from '../json-value.js';

/** A non-empty text at a path. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The array at a path, also where AWS wraps it in `{items:[…]}`; empty when there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = valueAt(value, path);
  if (Array.isArray(found)) return found;
  const items = valueAt(found, 'items');
  return Array.isArray(items) ? items : [];
}

/** Order of texts by code unit: the same on every machine. */
export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Distinct texts in order. */
export function distinct(texts: Iterable<string | undefined>): string[] {
  const found = new Set<string>();
  for (const text of texts) if (text !== undefined) found.add(text);
  return [...found].toSorted(byText);
}

/** Appends to the list under a key. */
export function append<T>(map: Map<string, T[]>, key: string | undefined, value: T): void {
  if (key === undefined) return;
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
