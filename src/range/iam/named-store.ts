import type { View } from '../facets/facet.js';
import type { Facet } from '../facets/facet.js';

/** What a store keeps. */
export type Named = { readonly name: string; readonly exists: Facet<boolean> };

/** Users, groups, roles or policies by name. A deleted one stays for its sessions; a re-created name is a new entry. */
export interface NamedStore<T extends Named> {
  add(entry: T): void;
  /** The present entry of that name as a reader sees it. Names ignore case, as IAM's do. */
  find(name: string, view?: View): T | undefined;
  /** All present entries as a reader sees them, sorted by name. */
  list(view?: View): T[];
}

/** Makes an empty store. */
export function createNamedStore<T extends Named>(): NamedStore<T> {
  const entries: T[] = [];
  const isNamed = (entry: T, name: string): boolean => entry.name.toLowerCase() === name.toLowerCase();
  return {
    add: (entry) => void entries.push(entry),
    find: (name, view = 'latest') => entries.findLast((entry) => isNamed(entry, name) && entry.exists.seen(view)),
    list: (view = 'latest') => entries.filter((entry) => entry.exists.seen(view)).sort((left, right) => (left.name < right.name ? -1 : 1)),
  };
}
