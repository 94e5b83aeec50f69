import type { NormalizedSchema } from '@smithy/core/schema';
import type { Random } from '../../../src/range/random/random.js';

const AWKWARD = 'aZ09 &<>"\'+%/=~ä漢;{}[]';
const MAX_DEPTH = 4;

/** A random value of an SDK schema, with every member present down to a depth, and characters that codecs get wrong. */
export function randomValue(schema: NormalizedSchema, random: Random, depth = 0): unknown {
  if (schema.isStructSchema()) {
    const members = depth > MAX_DEPTH ? [] : [...schema.structIterator()];
    return Object.fromEntries(members.map(([name, member]) => [name, randomValue(member, random, depth + 1)]));
  }
  if (schema.isUnitSchema()) return {};
  if (schema.isListSchema()) return [0, 1].map(() => randomValue(schema.getValueSchema(), random, depth + 1));
  if (schema.isMapSchema()) return { [`k${random.text('abc', 3)}`]: randomValue(schema.getValueSchema(), random, depth + 1) };
  if (schema.isTimestampSchema()) return new Date(Math.floor(random.next() * 2e9) * 1000);
  if (schema.isBooleanSchema()) return random.next() < 0.5;
  if (schema.isNumericSchema()) return Math.floor(random.next() * 1000);
  if (schema.isBlobSchema()) return new Uint8Array([1, 2, 3]);
  return `x${random.text(AWKWARD, 12)}x`;
}
