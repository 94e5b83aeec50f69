import type { Sides } from './compare.js';
import { KNOWN } from './known-differences.js';
import { shrink, type Difference } from './shrink.js';

/** Counts what was compared and explains what differs. */
export interface Tally {
  /** Counts one request with both answers; a difference is shrunk and looked up among the known ones. */
  add(pair: Difference): Promise<void>;
  /** Differences that no known reason explains, as small as they get. */
  readonly unlisted: readonly Difference[];
  pairs(): number;
  allowed(): number;
  /** How often a known reason showed. */
  countOf(name: string): number;
  /** For people: the numbers, and every unlisted difference. */
  report(): string;
}

/** Makes an empty tally. */
export function createTally(sides: Sides): Tally {
  const counts = new Map<string, number>();
  const unlisted: Difference[] = [];
  let pairs = 0;
  let agreed = 0;
  let allowed = 0;

  const explain = async (difference: Difference): Promise<void> => {
    const isByRequest = KNOWN.some(({ byRequest, holds }) => byRequest === true && holds(difference));
    const smallest = isByRequest ? difference : await shrink(sides, difference);
    const known = KNOWN.find(({ holds }) => holds(smallest));
    if (known === undefined) unlisted.push(smallest);
    else counts.set(known.name, (counts.get(known.name) ?? 0) + 1);
  };

  return {
    unlisted,
    add: async (pair) => {
      pairs += 1;
      if (pair.range === 'allowed') allowed += 1;
      if (pair.range === pair.ministack) agreed += 1;
      else await explain(pair);
    },
    pairs: () => pairs,
    allowed: () => allowed,
    countOf: (name) => counts.get(name) ?? 0,
    report: () => {
      const numbers = `${pairs} pairs, ${allowed} allowed by the range, ${agreed} agreed, ${pairs - agreed} differed`;
      const known = KNOWN.map(({ name, right, why }) => `${String(counts.get(name) ?? 0).padStart(6)}  ${name} (right: ${right}). ${why}`);
      const unknown = unlisted.map((difference) => JSON.stringify(difference, null, 1));
      return `\nrange and MiniStack: ${numbers}\n${[...known, `${String(unlisted.length).padStart(6)}  unlisted`, ...unknown].join('\n')}\n`;
    },
  };
}
