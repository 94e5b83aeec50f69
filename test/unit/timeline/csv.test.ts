import { expect, it } from 'vitest';
import type { Timeline, TimelineEntry } from '../../../src/contracts/timeline.js';
import { timelineCsv } from '../../../src/domain/timeline/csv.js';

const entry: TimelineEntry = {
  at: '2026-11-22T10:00:00Z',
  lane: 'attacker',
  eventId: 'event-1',
  api: 'iam:CreateUser',
  actor: 'arn:aws:iam::111122223333:user/ci-deploy',
  accessKeyId: 'AKIAEXAMPLEKEY000001',
  sourceIp: '203.0.113.66',
  userAgent: 'Boto3',
  region: 'us-east-1',
  account: '111122223333',
  outcome: 'ok',
  targets: ['arn:aws:iam::111122223333:user/svc-backup'],
  attack: ['T1136.003'],
};

function csvOf(...changes: Partial<TimelineEntry>[]): string {
  const timeline: Timeline = {
    format: 'tourniquet-timeline-1',
    incidentId: 'INC-20261122-ABCDEFGH',
    seeds: [],
    requestIds: [],
    entries: changes.map((change) => ({ ...entry, ...change })),
    credentials: [],
    principals: [],
    resources: [],
    attack: [],
    completeness: {
      fromAt: '2026-11-22T09:00:00Z',
      readUntilAt: '2026-11-22T11:00:00Z',
      regions: ['us-east-1'],
      accounts: ['111122223333'],
      records: 1,
      pages: 1,
      complete: true,
      gaps: [],
      notRead: [],
    },
  };
  return timelineCsv(timeline);
}

/** Cells of one row (RFC 4180). */
function cellsOf(row: string): string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

it('writes 1 row of 13 cells an event', () => {
  const [header = '', row = '', end] = csvOf({}).split('\n');

  expect(cellsOf(header)).toHaveLength(13);
  expect(cellsOf(row)).toEqual([
    '2026-11-22T10:00:00Z',
    'attacker',
    'iam:CreateUser',
    'ok',
    entry.actor,
    entry.accessKeyId,
    '203.0.113.66',
    'Boto3',
    'us-east-1',
    '111122223333',
    'arn:aws:iam::111122223333:user/svc-backup',
    'T1136.003',
    'event-1',
  ]);
  expect(end).toBe('');
});

it.each([
  '=cmd|calc!A1',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '  =1+1',
  '\u200B=1+1',
  '\u00A0=1+1',
  '\uFF1D1+1',
  '\uFEFF=1+1',
  '"=1+1',
  'a","=1+1',
  'a\n=1+1,b',
  'a\u2028=1+1',
])('makes %j an inert cell, whichever column it is in', (hostile) => {
  const columns = ['actor', 'userAgent', 'sourceIp', 'accessKeyId', 'outcome', 'api'] as const;
  for (const column of columns) {
    const lines = csvOf({ [column]: hostile })
      .trimEnd()
      .split('\n');
    const cells = cellsOf(lines[1] ?? '');

    expect(lines).toHaveLength(2);
    expect(cells).toHaveLength(13);
    // What a spreadsheet takes for a formula after it has dropped blanks in front.
    for (const cell of cells) expect(cell.replace(/^[\s\u200B\uFEFF]+/u, '')).not.toMatch(/^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u);
  }
});

it('makes hostile targets inert', () => {
  const [, row = ''] = csvOf({ targets: ['=HYPERLINK("http://x","y")', 'b'] }).split('\n');

  expect(cellsOf(row)[10]).toMatch(/^'=HYPERLINK/);
});
