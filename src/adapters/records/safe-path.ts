import { isAbsolute, join, normalize, sep } from 'node:path';
import { permanent } from '../../contracts/failures.js';

const SEGMENT = /^[\w.@+=,:-]{1,200}$/;

/**
 * A path under `root` from a relative one whose parts are plain names.
 *
 * @throws InvalidPayload, permanent: the path is empty, absolute, leaves the root or has odd characters.
 */
export function safePath(root: string, relative: string): string {
  const parts = relative.split('/');
  const plain = !isAbsolute(relative) && parts.every((part) => SEGMENT.test(part) && part !== '.' && part !== '..');
  const path = normalize(join(root, ...parts));
  if (!plain || !path.startsWith(normalize(root + sep))) throw permanent('InvalidPayload', 'the path is not a plain relative one');
  return path;
}
