import { describe, expect, it } from 'vitest';
import { Alert } from '../../../src/contracts/alert.js';
import { parseMessage } from '../../../src/ingest/parse-message.js';
import { aFinding, aHealthEvent, publicSamples, RECEIVED_AT, rejectionOf } from './samples.js';

const UnsignedAlert = Alert.omit({ receipt: true });

describe('hostile messages', () => {
  it.each([
    ['nothing', '', 'empty'],
    ['text', 'hello', 'not valid JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['an unknown object', '{"a":1}', 'no known source'],
    ['10 MB', JSON.stringify({ a: 'x'.repeat(10_000_000) }), 'too large'],
    ['a prototype key', '{"source":"aws.guardduty","__proto__":{"a":1}}', 'forbidden key __proto__'],
    ['a constructor key deep inside', '{"source":"aws.guardduty","detail":{"x":[{"constructor":1}]}}', 'forbidden key constructor'],
    ['deep nesting', '{"a":'.repeat(2_000) + '1' + '}'.repeat(2_000), 'nested deeper'],
    ['very deep lists', '['.repeat(100_000), 'ends too early'],
    ['a control character in a name', JSON.stringify(aFinding({ access: { userName: 'a\u001b[2Jb' } })), 'control characters'],
    ['a control character in an id', JSON.stringify(aFinding({ detail: { id: 'a\u0000b' } })), 'control characters'],
    ['a control character in the title', JSON.stringify(aFinding({ detail: { title: 'a\u0007b' } })), 'control characters'],
    ['a finding without id', JSON.stringify(aFinding({ detail: { id: undefined } })), 'without id'],
    ['a type that is no text', JSON.stringify(aFinding({ detail: { type: { $ne: 1 } } })), 'without type'],
    ['envelopes in envelopes', nestedSns(9), 'nested too deeply'],
    ['an SNS confirmation', '{"Type":"SubscriptionConfirmation","TopicArn":"t","Message":"m"}', 'no notification'],
  ])('rejects %s with one clear line', (_, text, reason) => {
    const told = rejectionOf(text);

    expect(told).toContain(reason);
    expect(told).toMatch(/^[\x20-\x7e]{1,200}$/);
  });

  it('rejects every cut of a message', () => {
    const text = JSON.stringify(aFinding());

    for (let length = 0; length < text.length; length += 17) expect(parseMessage(text.slice(0, length), RECEIVED_AT).accepted).toBe(false);
  });

  it('takes hidden and direction-changing characters out of the title', () => {
    const parsed = parseMessage(JSON.stringify(aFinding({ detail: { title: 'pay\u202eload \u200bhere' } })), RECEIVED_AT);

    expect(parsed).toMatchObject({ accepted: true, alerts: [{ title: 'payload here' }] });
  });

  it('ends 4,000 seeded mutations of real messages accepted in our grammar or rejected with one line', () => {
    const seeds = [...publicSamples().map((entry) => entry.body), aFinding(), aHealthEvent()].map((body) => JSON.stringify(body));
    const random = mulberry32(20260301);
    let accepted = 0;

    for (let round = 0; round < 4_000; round += 1) {
      const text = mutate(seeds[round % seeds.length] ?? '', random);
      const parsed = parseMessage(text, RECEIVED_AT);
      if (parsed.accepted) {
        accepted += 1;
        for (const alert of parsed.alerts) UnsignedAlert.parse(alert);
      } else {
        expect(parsed.reason).toMatch(/^[^\p{Cc}]{1,300}$/u);
      }
    }

    expect(accepted).toBeGreaterThan(100);
  });
});

function nestedSns(times: number): string {
  let text = JSON.stringify(aFinding());
  for (let index = 0; index < times; index += 1) text = JSON.stringify({ Type: 'Notification', TopicArn: 't', Message: text });
  return text;
}

const JUNK: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  '\u0000',
  '\u202e',
  '../..',
  [],
  {},
  [[]],
  'AKIAAAAAAAAAAAAAAAAA',
  '9'.repeat(400),
  { toString: 1 },
];

/** Replaces a random value by junk, or a random character of the text. */
function mutate(text: string, random: () => number): string {
  if (random() < 0.4) {
    const at = Math.floor(random() * text.length);
    return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 300)) + text.slice(at + 1);
  }
  const root: unknown = JSON.parse(text);
  const changes = 1 + Math.floor(random() * 3);
  for (let index = 0; index < changes; index += 1) replaceOne(root, random);
  return JSON.stringify(root);
}

function replaceOne(node: unknown, random: () => number): void {
  if (typeof node !== 'object' || node === null) return;
  const record = node as Record<string, unknown>;
  const keys = Object.keys(record);
  const key = keys[Math.floor(random() * keys.length)];
  if (key === undefined) return;
  if (random() < 0.7 && typeof record[key] === 'object' && record[key] !== null) replaceOne(record[key], random);
  else record[key] = structuredClone(JUNK[Math.floor(random() * JUNK.length)]);
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
