/** When one write takes hold, and who made it. */
export type Stamp = {
  readonly writtenAt: number;
  /** From here on authorization uses the new value. */
  readonly effectiveAt: number;
  /** From here on everybody's control-plane reads show it; the writer sees it at once. */
  readonly visibleAt: number;
  readonly writer: string;
};

/** Whose eyes look, and when. `latest` sees every write at once. */
export type View = { readonly at: number; readonly reader: string } | 'latest';

type Version<T> = { readonly value: T; readonly stamp: Stamp };

/** One changeable property of the account, with its history: what is configured and what is enforced may differ for a while. */
export class Facet<T> {
  private readonly versions: Version<T>[] = [];

  constructor(private readonly initial: T) {}

  /** Writes a value. Later writes win over earlier ones, even when an earlier one takes hold later. */
  set(value: T, stamp: Stamp): void {
    this.versions.push({ value, stamp });
  }

  /** The value last written. */
  latest(): T {
    return this.pick(() => true);
  }

  /** The value that authorization goes by at a time. */
  effective(at: number): T {
    return this.pick(({ stamp }) => stamp.effectiveAt <= at);
  }

  /** The value that a control-plane read returns. */
  seen(view: View): T {
    return view === 'latest' ? this.latest() : this.pick(({ stamp }) => stamp.writer === view.reader || stamp.visibleAt <= view.at);
  }

  private pick(counts: (version: Version<T>) => boolean): T {
    for (let index = this.versions.length - 1; index >= 0; index -= 1) {
      const version = this.versions[index];
      if (version !== undefined && counts(version)) return version.value;
    }
    return this.initial;
  }
}
