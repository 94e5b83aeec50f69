import { isAbsolute, join, normalize, sep } from 'node:path';
import { permanent } from '../../contracts/failures.js';

const SEGMENT = /^[\w.@+=,:-]{1,200}$/;

/**
 * A path under `root` from a relative one whose parts are plain names.
 *
 * @throws InvalidPayload, permanent: the path is empty, absolute, leaves the root or has odd characters.
 */
export function safePath(root: string, relative: string): string {
  const path = normalize(join(root, ...assertPlainPath(relative).split('/')));
  if (!path.startsWith(normalize(root + sep))) throw notPlain();
  return path;
}

/**
 * The path itself, when all its parts are plain names.
 *
 * @throws InvalidPayload, permanent: the path is empty, absolute, goes up or has odd characters.
 */
export function assertPlainPath(relative: string): string {
  const parts = relative.split('/');
  const plain = !isAbsolute(relative) && parts.every((part) => SEGMENT.test(part) && part !== '.' && part !== '..');
  if (!plain) throw notPlain();
  return relative;
}

function notPlain(): Error {
  return permanent('InvalidPayload', 'the path is not a plain relative one');
}
