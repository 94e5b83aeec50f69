import { afterEach, describe, expect, it } from 'vitest';
import { IncidentRecord } from '../../../src/contracts/record.js';
import { Timeline } from '../../../src/contracts/timeline.js';
import { renderHtml } from '../../../src/report/html.js';
import { omit } from '../../fixtures/omit.js';
import { poisoned } from '../../fixtures/poison.js';
import { anEntry, anIncidentRecord, anOpenRecord, at, aTimeline, BACKDOOR_ARN, HOSTILE } from '../../fixtures/record.js';
import { SECRETS, secretsIn } from '../../fixtures/secrets.js';

const TAG = /<(\/?)([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*\/?>/gi;
const TAGS = 'html head meta title style body header h1 h2 h3 p div span strong code time ul li dl dt dd section table colgroup col thead tbody tr th td figure figcaption footer br svg g rect path circle polyline polygon text'.split(' '); // prettier-ignore
const ATTRIBUTES = 'lang charset http-equiv content name class style datetime scope role aria-label width height viewbox x y cx cy r d fill stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin points transform text-anchor dominant-baseline xml:space pointer-events'.split(' '); // prettier-ignore

const small = () => aTimeline({ entries: aTimeline().entries.slice(58, 66) });

/** The page without its style sheet, which is ours and fixed. */
function bodyOf(html: string): string {
  expect(html.match(/<style>/g)).toHaveLength(1);
  return html.replace(/<style>[^<]*<\/style>/, '');
}

function tagsOf(html: string): { name: string; attributes: string[] }[] {
  return [...bodyOf(html).matchAll(TAG)].map(([, , name = '', rest = '']) => ({
    name: name.toLowerCase(),
    attributes: [...rest.matchAll(/\s([\w:-]+)(?=[=\s]|$)(?:="[^"]*")?/g)].map(([, attribute = '']) => attribute.toLowerCase()),
  }));
}

function expectInert(html: string): void {
  const rest = bodyOf(html).replace('<!doctype html>', '').replace(TAG, '');
  const tags = tagsOf(html);

  expect(tags.length).toBeGreaterThan(100);
  expect(rest).not.toContain('<');
  expect(tags.map(({ name }) => name).filter((name) => !TAGS.includes(name))).toEqual([]);
  expect(tags.flatMap(({ attributes }) => attributes).filter((name) => !ATTRIBUTES.includes(name))).toEqual([]);
  expect(html).not.toMatch(/url\(|@import|http-equiv="refresh"/i);
  expect(html).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
  // The chart library writes an apostrophe as a number; no other character comes that way.
  expect(html).not.toMatch(/&#(?!39;)/);
}

describe('the HTML report', () => {
  it('is inert with a hostile text in every place of record and timeline that takes any', () => {
    const record = poisoned(IncidentRecord, anOpenRecord(), HOSTILE);
    const timeline = poisoned(Timeline, small(), HOSTILE);

    const html = renderHtml(record.value, timeline.value);

    expect(record.places).toBeGreaterThan(150);
    expect(timeline.places).toBeGreaterThan(100);
    expectInert(html);
    for (const visible of [
      '&lt;script',
      'onerror=alert(1)',
      '](http://evil.example/)',
      '=HYPERLINK(',
      'gnp.exe',
      '{red|x}{b}{c}',
      '&amp;lt;b',
    ])
      expect(html).toContain(visible);
  });

  it.each([
    ['a closed incident', () => renderHtml(anIncidentRecord(), aTimeline())],
    ['an open incident', () => renderHtml(anOpenRecord(), aTimeline())],
    ['no timeline file', () => renderHtml(anIncidentRecord(), undefined)],
  ])('asks for nothing from outside and runs nothing: %s', (_, render) => {
    const html = render();

    expectInert(html);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"`);
    expect(tagsOf(html).filter(({ name }) => ['script', 'a', 'img', 'link', 'iframe', 'object', 'form', 'base'].includes(name))).toEqual(
      [],
    );
  });

  it('shows no planted secret, wherever it was planted', () => {
    const record = poisoned(IncidentRecord, anIncidentRecord(), Object.values(SECRETS));
    const timeline = poisoned(Timeline, small(), Object.values(SECRETS));

    const html = renderHtml(record.value, timeline.value);

    expect(html).toContain('[redacted]');
    expect(secretsIn(html)).toEqual([]);
  });

  it('draws clocks, timeline, a closer look and lineage: 4 pictures, 3 when there is nothing to look closer at, 1 without a timeline', () => {
    const oneBurst = aTimeline({ entries: aTimeline().entries.filter(({ lane }) => lane === 'attacker') });
    const withoutMoments = anOpenRecord({ moments: [] });

    const pictures = (html: string) => html.match(/<svg/g)?.length;

    expect(pictures(renderHtml(anIncidentRecord(), aTimeline()))).toBe(4);
    expect(pictures(renderHtml(withoutMoments, oneBurst))).toBe(3);
    expect(pictures(renderHtml(anIncidentRecord(), undefined))).toBe(1);
  });

  it('stays small with 5,000 events and 400 credentials', () => {
    const entries = Array.from({ length: 5000 }, (_, n) =>
      anEntry({
        at: new Date(Date.parse(at('09:40:00')) + n * 700).toISOString(),
        outcome: n % 3 === 0 ? 'AccessDenied' : 'ok',
        api: `s3:Call${n}`,
      }),
    );
    const credentials = Array.from({ length: 400 }, (_, n) => ({
      id: `ASIA${n}`,
      kind: 'role-session',
      principal: 'arn:aws:iam::111122223333:role/a',
      parent: n === 0 ? null : `ASIA${n - 1}`,
      provedBy: n === 0 ? null : 'x',
      strength: 'exact',
      used: true,
      alive: n === 399,
    }));

    const html = renderHtml(anIncidentRecord(), aTimeline({ entries, credentials }));

    expect(html.length).toBeLessThan(400_000);
    expect(html).toContain('4840 events are left out here');
    expect(html).toContain('150 of 400 are shown');
  });
});

describe('the same record', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    process.env['TZ'] = zone;
    if (zone === undefined) delete process.env['TZ'];
  });

  it('gives the same bytes, whatever was drawn before and whatever the time zone', () => {
    process.env['TZ'] = 'UTC';
    const first = renderHtml(anIncidentRecord(), aTimeline());
    renderHtml(anOpenRecord(), aTimeline());
    process.env['TZ'] = 'America/New_York';

    const again = renderHtml(anIncidentRecord(), aTimeline());

    expect(again).toBe(first);
  });
});

describe('what a manager reads first', () => {
  const answers = (html: string) =>
    [...html.matchAll(/<div class="answer (\w+)"><h2>[^<]*<\/h2><div class="value">([^<]*)<\/div>/g)].map(([, tone, value]) => [
      tone,
      value,
    ]);

  it('says not proven, who must act and which clock burns', () => {
    const html = renderHtml(anOpenRecord(), aTimeline());

    expect(answers(html)).toEqual([
      ['bad', 'NO: 1 of 2 NOT PROVEN'],
      ['bad', 'Security Analyst, Security Engineer'],
      ['bad', '1 BREACHED'],
    ]);
    expect(html).toContain('Contain the credentials (Security Engineer): 30 min 00 s past due');
    expect(html).toContain('REFUSED denyUser svc-backup-9f: AccessDenied');
  });

  it('says proven only when every containment is, and nothing else can act', () => {
    const proven = anIncidentRecord();
    const live = {
      account: '111122223333',
      kind: 'user' as const,
      arn: BACKDOOR_ARN.replace('backup', 'other'),
      how: 'made',
      provedBy: 'e',
    };
    const { timeline } = proven;

    const whole = answers(renderHtml(proven, undefined))[0];
    const withLive = answers(
      renderHtml({ ...proven, ...(timeline === undefined ? {} : { timeline: { ...timeline, live: [live] } }) }, undefined),
    )[0];
    const none = answers(renderHtml({ ...proven, containments: [] }, undefined))[0];

    expect([whole, withLive, none]).toEqual([
      ['good', 'Yes, proven'],
      ['bad', 'Proven, but not all is done'],
      ['bad', 'Nothing was contained'],
    ]);
  });

  it('never says that nothing was found where nothing was looked at', () => {
    const rest = omit(anIncidentRecord(), 'timeline');

    const html = renderHtml(rest, undefined);

    expect(html).toContain('No timeline was built: nothing was looked at, so nothing is said about what happened.');
    expect(renderHtml(anIncidentRecord(), aTimeline())).toContain('regions other than us-east-1, eu-west-1');
    expect(renderHtml(anIncidentRecord(), aTimeline())).toContain('INCOMPLETE');
  });

  it('calls what was removed after the timeline was read removed, not still there', () => {
    const html = renderHtml(anIncidentRecord(), aTimeline());
    const before = renderHtml(anOpenRecord(), aTimeline());

    const rowOf = (page: string) => new RegExp(`${BACKDOOR_ARN}</code></td><td><span class="text">AWS::IAM::User.*?</tr>`).exec(page)?.[0];

    expect(rowOf(html)).toContain('removed by us');
    expect(rowOf(before)).toContain('still there when read');
  });
});
