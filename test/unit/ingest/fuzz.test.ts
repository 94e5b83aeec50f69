import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alert } from '../../../src/contracts/alert.js';
import type { ParseSettings } from '../../../src/contracts/detection.js';
import { parseMessage } from '../../../src/ingest/parse-message.js';
import { aFinding, aHealthEvent, goldenSamples, publicSamples, RECEIVED_AT, settingsWithFalcon } from './samples.js';

const UnsignedAlert = Alert.omit({ receipt: true });
const ROUNDS = 6_000;

let settings: ParseSettings;
const unhandled: unknown[] = [];
const remember = (reason: unknown): void => void unhandled.push(reason);
beforeAll(async () => {
  process.on('unhandledRejection', remember);
  settings = await settingsWithFalcon();
});
afterAll(() => {
  process.off('unhandledRejection', remember);
  expect(unhandled).toEqual([]);
});

describe('mutated messages', () => {
  it.each([1, 20260301, 987654321])(
    'seed %i: each of 6,000 is accepted in our grammar or rejected with one line, none both, none neither',
    (seed) => {
      const seeds = [...publicSamples(), ...goldenSamples()].map(({ body }) => JSON.stringify(body));
      seeds.push(JSON.stringify(aFinding()), JSON.stringify(aHealthEvent()));
      const random = mulberry32(seed);
      let [accepted, rejected] = [0, 0];

      for (let round = 0; round < ROUNDS; round += 1) {
        const parsed = parseMessage(mutate(seeds[round % seeds.length] ?? '', random), RECEIVED_AT, round % 5 === 0 ? {} : settings);
        if (parsed.accepted) {
          accepted += 1;
          expect(parsed.alerts.length).toBeGreaterThan(0);
          for (const alert of parsed.alerts) UnsignedAlert.parse(alert);
          for (const reason of parsed.rejected) expect(reason).toMatch(/^[^\p{Cc}]{1,400}$/u);
        } else {
          rejected += 1;
          expect(parsed.reason).toMatch(/^[^\p{Cc}]{1,400}$/u);
        }
      }

      expect(accepted + rejected).toBe(ROUNDS);
      expect(accepted).toBeGreaterThan(ROUNDS / 10);
      expect(rejected).toBeGreaterThan(ROUNDS / 10);
    },
  );

  it('takes no time that grows with a hostile text', () => {
    const texts = [
      '../'.repeat(60_000),
      'a'.repeat(200_000),
      `arn:aws:iam::111122223333:user/${'a/'.repeat(90_000)}`,
      ':'.repeat(150_000),
      '*'.repeat(150_000),
    ];
    const started = performance.now();

    for (const text of texts) {
      for (const { body } of goldenSamples()) parseMessage(JSON.stringify(replaceTexts(body, text)), RECEIVED_AT, settings);
    }

    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

/** Every name-like text of a sample is the hostile one, as long as the message stays within its bound. */
function replaceTexts(value: unknown, text: string): unknown {
  let left = 1;
  const walk = (node: unknown, key = ''): unknown => {
    if (Array.isArray(node)) return node.map((entry) => walk(entry));
    if (typeof node === 'object' && node !== null)
      return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, walk(member, name)]));
    if (typeof node !== 'string' || left === 0 || !/name|arn|uid|resource|aws_user/i.test(key)) return node;
    left -= 1;
    return text;
  };
  return walk(value);
}

type Node = Record<string, unknown>;

const JUNK: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  '\u0000',
  '\u202e\u200b',
  '\ud800',
  'é'.repeat(50),
  '../../etc/passwd',
  "'; DROP TABLE users; --",
  '${jndi:ldap://x}',
  [],
  {},
  [[]],
  [null, 1, 'a'],
  'AKIAAAAAAAAAAAAAAAAA',
  'arn:aws-cn:iam::111122223333:user/x',
  '9'.repeat(400),
  'z'.repeat(5_000),
  { toString: 1, valueOf: null },
  { $ne: 1 },
  Array.from({ length: 2_000 }, () => 0),
];

/** Cuts, flips, deletes, doubles, retypes, blows up, nests, or poisons one to four places. */
function mutate(text: string, random: () => number): string {
  const kind = random();
  const at = Math.floor(random() * text.length);
  if (kind < 0.1) return text.slice(0, at);
  if (kind < 0.25) return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x3000)) + text.slice(at + 1);
  if (kind < 0.29) return text.replace('{', '{"__proto__":{"admin":true},');
  const root = JSON.parse(text) as Node;
  const changes = 1 + Math.floor(random() * 4);
  for (let index = 0; index < changes; index += 1) changeOne(root, random);
  return JSON.stringify(root);
}

function changeOne(node: Node, random: () => number): void {
  const keys = Object.keys(node);
  const key = keys[Math.floor(random() * keys.length)];
  if (key === undefined) return;
  const value = node[key];
  if (random() < 0.75 && typeof value === 'object' && value !== null) return changeOne(value as Node, random);
  const choice = random();
  if (choice < 0.2) delete node[key];
  else if (choice < 0.3) node[`${key}2`] = value;
  else if (choice < 0.4) node[key] = [value, value];
  else if (choice < 0.5) node[key] = { inner: value };
  else if (choice < 0.55) node[key] = typeof value === 'string' ? value.repeat(40) : 'now a text';
  else if (choice < 0.58) node[key] = nested(60);
  else if (choice < 0.6)
    Object.defineProperty(node, '__proto__', { value: { polluted: true }, enumerable: true, writable: true, configurable: true });
  else node[key] = structuredClone(JUNK[Math.floor(random() * JUNK.length)]);
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** A small seeded generator: the same mutations in every run. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
