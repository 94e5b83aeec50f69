import { describe, expect, it } from 'vitest';
import { plainText, UNPRINTABLE, withoutLinks } from '../../../src/domain/engine/plain-text.js';

describe('plainText', () => {
  it.each([
    ['a\u001b[31mred\u001b[0m', 'ared'],
    ['\u001b]8;;http://evil\u0007click\u001b]8;;\u001b\\', 'click'],
    ['one\r\ntwo\u2028three\u0085four', 'one two three four'],
    ['a\u202Eb\u200Bc\u2066d', 'a b c d'],
    ['half \uD800 pair', 'half pair'],
    ['tag \u{E0041}\u{E0042} letters', 'tag letters'],
    ['  \t ', ''],
    ['Ünïcödé 日本 🚑', 'Ünïcödé 日本 🚑'],
  ])('makes %j into %j', (given, wanted) => {
    expect(plainText(given)).toBe(wanted);
  });

  it('cuts at the limit and leaves no half of a pair', () => {
    expect(plainText('abcdef', 4)).toBe('abc…');
    expect(plainText('ab🚑cdef', 4)).toBe('ab…');
    expect(plainText('abcd', 4)).toBe('abcd');
  });

  it('lets nothing unprintable through, for every character of Unicode', () => {
    for (let block = 0; block < 0x11; block += 1) {
      const all = Array.from({ length: 0x10000 }, (_, low) => String.fromCodePoint(block * 0x10000 + low)).join('');
      expect(plainText(all).match(UNPRINTABLE)).toBeNull();
    }
  });
});

it('breaks every kind of bare address', () => {
  for (const address of ['http://evil', 'HTTPS://evil', 'ftp://evil', 'mailto:a@b', 'www.evil'])
    expect(withoutLinks(`see ${address}`)).not.toContain(address);
});
