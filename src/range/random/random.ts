/** A range of seconds from which a delay is drawn. */
export type Seconds = { readonly min: number; readonly max: number };

/** Repeatable random values: the same seed gives the same sequence. Not for secrets outside a simulation. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [min, max) seconds, as milliseconds. */
  millisecondsIn(range: Seconds): number;
  /** `length` characters drawn from `alphabet`. */
  text(alphabet: string, length: number): string;
  /** A UUID in version-4 form. */
  uuid(): string;
  /** An independent stream: drawing from one never shifts another. */
  fork(name: string): Random;
}

const HEX = '0123456789abcdef';

/** The alphabet of IAM unique ids and access key ids. */
export const UNIQUE_ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** The alphabet of secret access keys and session tokens. */
export const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Makes a stream of repeatable values (mulberry32: small, fast, good enough for a simulation). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const text = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(next() * alphabet.length))).join('');

  return {
    next,
    text,
    millisecondsIn: ({ min, max }) => Math.round((min + next() * (max - min)) * 1000),
    uuid: () => `${text(HEX, 8)}-${text(HEX, 4)}-4${text(HEX, 3)}-${text('89ab', 1)}${text(HEX, 3)}-${text(HEX, 12)}`,
    fork: (name) => createRandom(hash(`${seed}/${name}`)),
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
