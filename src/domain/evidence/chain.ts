import type { Problem } from './report.js';

/** A manifest in the chain: its own hash, and the one it names as its predecessor's; `undefined` when it cannot be read. */
export type Link = { readonly path: string; readonly sha256: string; readonly previous: string | null | undefined };

/** Checks that each manifest names the hash of the one before it, in the order of the collections. */
export function checkChain(links: readonly Link[]): Problem[] {
  return links.flatMap((link, index): Problem[] => {
    const before = links[index - 1];
    if (link.previous === undefined || link.previous === (before?.sha256 ?? null)) return [];
    return [{ kind: 'chain', path: link.path, detail: reasonOf({ ...link, previous: link.previous }, { before, links }) }];
  });
}

function reasonOf(
  { previous }: { previous: string | null },
  { before, links }: { before: Link | undefined; links: readonly Link[] },
): string {
  if (previous === null) return `names no manifest before it, although ${before?.path} is there: added or reordered`;
  const meant = links.find(({ sha256 }) => sha256 === previous);
  if (meant !== undefined) return `is chained to ${meant.path}${before === undefined ? '' : `, not to ${before.path}`}: reordered`;
  return before === undefined
    ? `is chained to a manifest with SHA-256 ${previous} that is not there`
    : `is chained to SHA-256 ${previous}; ${before.path} has ${before.sha256}: altered, or a manifest between them is missing`;
}
