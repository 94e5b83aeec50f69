import { describe, expect, it } from 'vitest';
import { IncidentRecord } from '../../../src/contracts/record.js';
import { Timeline } from '../../../src/contracts/timeline.js';
import { renderMarkdown } from '../../../src/report/markdown.js';
import { renderReview } from '../../../src/report/review.js';
import { poisoned } from '../../fixtures/poison.js';
import { anIncidentRecord, anOpenRecord, aTimeline, HOSTILE } from '../../fixtures/record.js';
import { SECRETS, secretsIn } from '../../fixtures/secrets.js';

const small = () => aTimeline({ entries: aTimeline().entries.slice(58, 66) });

/** Cells of a GFM row: pipes that no backslash stands before. */
const cellsOf = (line: string): number => line.replace(/\\\\/g, '').match(/(?<!\\)\|/g)?.length ?? 0;

function expectInert(markdown: string): void {
  const lines = markdown.split('\n');
  const broken = lines.filter((line, index) => {
    const before = lines[index - 1] ?? '';
    return line.startsWith('|') && before.startsWith('|') && cellsOf(line) !== cellsOf(before);
  });

  expect(broken).toEqual([]);
  expect(markdown).not.toMatch(/[<>]/);
  expect(markdown).not.toMatch(/(?<!\\)\[/);
  expect(markdown).not.toMatch(/https?:\/\/|(?<!\\)`|(?<!\\)~~/);
  // The only format mark is the one that keeps an address from becoming a link.
  expect(markdown.replaceAll('\u200b', '')).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
  expect(lines.filter((line) => /^(- )*#+ /.test(line) && line.includes('heading'))).toEqual([]);
}

const DOCUMENTS: [string, (record: IncidentRecord, timeline: Timeline) => string][] = [
  ['report', renderMarkdown],
  ['review', (record) => renderReview(record)],
];

describe.each(DOCUMENTS)('the %s in Markdown', (_, render) => {
  it('is inert with a hostile text in every place that takes any', () => {
    const markdown = render(poisoned(IncidentRecord, anOpenRecord(), HOSTILE).value, poisoned(Timeline, small(), HOSTILE).value);

    expectInert(markdown);
    for (const visible of ['\\[x\\](http\u200b://evil.example/)', 'a\\|b', 'gnp.exe']) expect(markdown).toContain(visible);
  });

  it('shows no planted secret', () => {
    const texts = Object.values(SECRETS);

    const markdown = render(poisoned(IncidentRecord, anIncidentRecord(), texts).value, poisoned(Timeline, small(), texts).value);

    expect(markdown).toContain('redacted');
    expect(secretsIn(markdown.replaceAll('\\', ''))).toEqual([]);
  });
});

describe('the report in Markdown', () => {
  it('begins with the 3 answers and says NOT PROVEN with what stands against it', () => {
    const markdown = renderMarkdown(anOpenRecord(), aTimeline());

    expect(markdown).toContain('- Contained and proven? **NO: 1 of 2 NOT PROVEN**');
    expect(markdown).toContain('- Which clock burns? **1 BREACHED**');
    expect(markdown).toMatch(/svc-backup-9f \| notContained.*\*\*NOT PROVEN\*\*, withdrawn 1×.*REFUSED denyUser/);
  });

  it('names what was not looked at and which evidence is absent', () => {
    const markdown = renderMarkdown(anIncidentRecord(), aTimeline());

    expect(markdown).toContain('- not looked at: regions other than us-east-1, eu-west-1');
    expect(markdown).toContain('**INCOMPLETE**: LookupEvents was throttled 3 times');
    expect(markdown).toContain('absent: vpcFlowLogs: no flow log is configured');
  });

  it('puts 22 looks around of one caller into 1 row and keeps what changed something apart', () => {
    const markdown = renderMarkdown(anIncidentRecord(), aTimeline());

    const rows = markdown.split('\n').filter((line) => line.includes('| attacker |'));

    expect(rows[0]).toContain('×22');
    expect(rows.filter((row) => row.includes('iam:CreateUser'))).toHaveLength(1);
    expect(rows.length).toBeLessThan(10);
  });
});

describe('the review', () => {
  it('says how long each person was waited for and which clocks were late', () => {
    const review = renderReview(anOpenRecord());

    expect(review).toContain('T2 Assess the resources touched (Security Analyst): still open after 50 min 00 s');
    expect(review).toContain('Contain the credentials (Security Engineer) at 2026-11-22T11:00:00.000Z');
    expect(review).toContain('How were the credentials lost?');
  });
});
