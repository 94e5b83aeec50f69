import { isObject } from './json-reader.js';

const STEP = /([\w-]+)|\['([^'\]]+)'\]|\[(\d+)\]/g;

/** The value at a path of `JsonPath`'s grammar, own members only; `undefined` when any part is missing. */
export function valueAtPath(value: unknown, path: string): unknown {
  let current = value;
  for (const [, plain, quoted, index] of path.matchAll(STEP)) current = stepInto(current, { name: plain ?? quoted, index });
  return current;
}

function stepInto(value: unknown, { name, index }: { name: string | undefined; index: string | undefined }): unknown {
  if (index !== undefined) {
    const list: unknown[] = Array.isArray(value) ? value : [];
    return list[Number(index)];
  }
  return name !== undefined && isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
