import { expect, test } from 'vitest';
import { detailsPage } from '../../../src/domain/engine/details.js';
import { note } from '../../../src/domain/engine/journal.js';
import { code, table, text } from '../../../src/domain/engine/markdown.js';
import { openTask } from '../../../src/domain/engine/tasks.js';
import { takeView } from '../../../src/domain/engine/views.js';
import { aView } from '../../fixtures/builders.js';
import { at, aState } from './state-fixture.js';

test('the page stays under 20,000 bytes with 60 tasks of 2,000 hostile characters each', () => {
  const state = aState();
  const hostile = `|\n# <script>alert(1)</script> [x](javascript:1) ![p](http://evil) \`\`\` ${'Ω|'.repeat(1000)}`;
  for (let n = 0; n < 60; n += 1)
    openTask(
      state,
      {
        stepId: 'contain',
        kind: 'manual',
        title: hostile,
        lookAt: [hostile],
        team: 'engineer',
        choices: ['done', 'skip'],
        needsSignature: false,
        quorum: 1,
      },
      at(n),
    );
  note(state, { nowMs: at(1), who: hostile, text: hostile });
  const page = detailsPage(state);

  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(20_000);
  expect(page).not.toMatch(/<script|[^\\]\]\(|https?:/);
  expect(page).toMatch(/and \d+ more/);
});

test('an open task names the exact command that answers it', () => {
  const state = aState();
  openTask(
    state,
    {
      stepId: 'contain',
      kind: 'consent',
      title: 'Consent',
      lookAt: [],
      team: 'engineer',
      choices: ['approve', 'reject'],
      needsSignature: true,
      quorum: 2,
    },
    at(0),
  );

  expect(detailsPage(state)).toContain('`tourniquet approve INC-20261122-ABCDEFGH T1 --reason "…"`');
});

test('says "not proven" for every state but proven, and what a proof rests on', () => {
  const state = aState();
  takeView(state, aView({ revision: 1, state: 'quiet', headline: 'quiet for 900 s, no positive sign' }), at(1));
  const quiet = detailsPage(state);
  takeView(
    state,
    aView({ revision: 2, state: 'proven', provenAt: '2026-11-22T10:20:00.000Z', provenBy: ['AccessDenied of GetUser at 10:05'] }),
    at(2),
  );
  const proven = detailsPage(state);

  expect(quiet).toContain('**not proven**');
  expect(proven).not.toContain('**not proven**');
  expect(proven).toContain('AccessDenied of GetUser at 10:05');
});

test('text cannot start markup, break a row or become a link', () => {
  expect(text('# a|b\n<b> https://x')).toBe('\\# a\\|b &#60;b&#62; https\u200B://x');
  expect(code('a`b|c')).toBe("`a'b¦c`");
});

test('a table of 31 rows shows 30 and says "and 1 more"', () => {
  const lines = table(
    ['a', 'b'],
    Array.from({ length: 31 }, (_, n) => [`${n}`, 'x']),
  ).split('\n');
  expect([lines.length, lines.at(-1)]).toEqual([33, '| and 1 more |  |']);
});
