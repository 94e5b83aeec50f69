import { Facet, type Stamp, type View } from './facet.js';

/** Named facets of one kind, such as a user's inline policies: each name propagates on its own. */
export class FacetMap<T> {
  private readonly facets = new Map<string, Facet<T | undefined>>();

  /** Writes the value of one name. */
  set(name: string, value: T, stamp: Stamp): void {
    this.facetOf(name).set(value, stamp);
  }

  /** Removes one name; until the write takes hold the old value is still enforced. */
  remove(name: string, stamp: Stamp): void {
    this.facetOf(name).set(undefined, stamp);
  }

  /** One value as a reader sees it. */
  get(name: string, view: View = 'latest'): T | undefined {
    return this.facets.get(name)?.seen(view);
  }

  /** All present names with their values as a reader sees them, sorted by name. */
  seen(view: View = 'latest'): [string, T][] {
    return this.present((facet) => facet.seen(view));
  }

  /** All names and values that authorization goes by at a time, sorted by name. */
  effective(at: number): [string, T][] {
    return this.present((facet) => facet.effective(at));
  }

  /** The one value that authorization goes by at a time. */
  enforced(name: string, at: number): T | undefined {
    return this.facets.get(name)?.effective(at);
  }

  private facetOf(name: string): Facet<T | undefined> {
    const known = this.facets.get(name);
    if (known !== undefined) return known;
    const made = new Facet<T | undefined>(undefined);
    this.facets.set(name, made);
    return made;
  }

  private present(valueOf: (facet: Facet<T | undefined>) => T | undefined): [string, T][] {
    const entries: [string, T][] = [];
    for (const [name, facet] of this.facets) {
      const value = valueOf(facet);
      if (value !== undefined) entries.push([name, value]);
    }
    return entries.sort(([left], [right]) => (left < right ? -1 : 1));
  }
}
