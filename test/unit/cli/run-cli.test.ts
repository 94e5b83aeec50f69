import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countdown, parseDuration } from '../../../src/incidents/durations.js';
import { tableLines } from '../../../src/cli/output.js';
import { buildProgram } from '../../../src/cli/program.js';
import { runCli } from '../../../src/cli/run-cli.js';
import { jsonLine, terminalText } from '../../../src/cli/terminal-text.js';
import { aCli } from '../../fixtures/cli.js';
import { aFinding } from '../ingest/samples.js';

async function aFile(content: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'tourniquet-test-')), 'alert.json');
  await writeFile(file, content);
  return file;
}

describe('alert parse', () => {
  it('prints one JSON line per file and exit code 0 when all are alerts', async () => {
    const { context, lines } = aCli();
    const file = await aFile(JSON.stringify(aFinding()));

    const code = await runCli(['alert', 'parse', '--file', file, file, '--json'], context);

    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      file,
      accepted: true,
      alerts: [
        {
          source: 'guardduty',
          alertId: '16afba5c5c43e07c9e3e5e2e544e95df',
          type: 'UnauthorizedAccess:IAMUser/TorIPCaller',
          severity: 'HIGH',
          account: '111122223333',
          region: 'us-east-1',
          accessKeyId: 'AKIAQYLPMN5HEXAMPLE1',
          principalKind: 'user',
          principal: 'ci-deploy',
          sample: false,
          disposition: 'open',
          reason: 'GuardDuty UnauthorizedAccess:IAMUser/TorIPCaller',
        },
      ],
    });
  });

  it.each([
    ['malformed', '{"a":'],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0x00]).toString('latin1')],
    ['of a source that is not supported', JSON.stringify({ source: 'aws.securityhub', detail: {} })],
    ['of 10 MB', JSON.stringify({ a: 'x'.repeat(10_000_000) })],
  ])('ends with exit code 2 for a file that is %s', async (_, content) => {
    const { context, lines } = aCli();

    const code = await runCli(['alert', 'parse', '--file', await aFile(content), '--json'], context);

    expect(code).toBe(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ accepted: false });
    expect(lines).toHaveLength(1);
  });
});

describe('every command', () => {
  it('has a help with an example', async () => {
    const { context } = aCli();
    const program = buildProgram(context, () => undefined);
    const all = program.commands.flatMap((command) => [command, ...command.commands]);

    expect(all.length).toBeGreaterThan(25);
    for (const command of all) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help, command.name()).toContain('Example:\n  $ tourniquet');
    }
  });

  it.each([
    [['nonsense'], 2],
    [['approve', 'INC-1', 'T1'], 2],
    [['pause', 'INC-1', 'x', '--for', 'ages', '--reason', 'why', '--as', 'a'], 2],
    [['approve', 'INC-1', 'T1', '--reason', 'because'], 2],
    [['guard', 'mode', '12', 'auto', '--as', 'a'], 2],
    [['open', '--title', 'a key', '--key', 'nonsense', '--as', 'a'], 2],
    [['list'], 1],
    [['show', 'INC-20260301-AAAAAAAA'], 1],
    [['--help'], 0],
  ])('%j ends with exit code %i', async (args, expected) => {
    const { context } = aCli();

    expect(await runCli(args, context)).toBe(expected);
  });
});

describe('text for a terminal', () => {
  it('shows what could act on it', () => {
    expect(terminalText('a\u001b[31mb\u202ec\r\nd')).toBe('a\\u{1b}[31mb\\u{202e}c\\u{d}\\u{a}d');
  });

  it('escapes it in JSON and keeps the value', () => {
    const value = { text: 'a\u202eb\u0085c\u{e0001}' };

    expect(jsonLine(value)).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(jsonLine(value))).toEqual(value);
  });

  it('lines columns up', () => {
    expect(
      tableLines([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
    ).toEqual(['a    bb', 'ccc  d']);
  });
});

it.each([
  ['2026-03-01T13:20:00Z', 'in 1 h 20 min'],
  ['2026-03-01T11:48:00Z', '12 min ago'],
  ['2026-03-01T12:00:10Z', 'now'],
  ['2026-03-03T13:00:00Z', 'in 2 d 1 h'],
])('counts down to %s: %s', (to, expected) => {
  expect(countdown(new Date(to), new Date('2026-03-01T12:00:00Z'))).toBe(expected);
});

it('reads durations', () => {
  expect(['90m', '4h', '1d', '30s', '1w', 'x'].map(parseDuration)).toEqual([
    5_400_000,
    14_400_000,
    86_400_000,
    30_000,
    undefined,
    undefined,
  ]);
});
