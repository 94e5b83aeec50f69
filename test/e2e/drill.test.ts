import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { notificationJournal } from '../../src/worker/dependencies.js';
import { readSentNotifications } from '../../src/adapters/notify/journal.js';
import { childEnvironment } from '../../src/config/env.js';
import { packagePath } from '../../src/config/paths.js';
import type { HistorySize } from '../../src/drill/history-sizes.js';
import { writePolicies } from './policies.js';

const MAIN = packagePath('dist', 'src', 'cli', 'main.js');

interface Line {
  readonly event: string;
  readonly voice?: string;
  readonly who?: string;
  readonly text?: string;
}

/** What other tools measure through. */
const FIXED_MEMBERS = [
  'verdict',
  'incidentId',
  'appliedSeconds',
  'effectiveSeconds',
  'provenSeconds',
  'survivors',
  'historyEvents',
  'historyBytes',
  'report',
  'evidence',
];

interface Ended {
  readonly code: number;
  readonly lines: readonly Line[];
  readonly verdict: Record<string, unknown> & { dataDir: string };
  readonly raw: string;
}

describe.concurrent('tourniquet drill, as a user runs it', () => {
  test('ends with one JSON line that says contained, and exit code 0', async ({ onTestFinished }) => {
    const dataDir = await folder(onTestFinished);

    const { code, verdict, lines, raw } = await drill(['--json', '--seed', '7'], { TOURNIQUET_DATA_DIR: dataDir });

    expect(verdict).toMatchObject({ verdict: 'contained', survivors: [] });
    // Every path of the verdict is a file or folder with something in it, and the evidence is intact.
    const { files } = verdict as unknown as { files: Record<string, string> };
    expect(Object.keys(files).toSorted()).toEqual(FILES);
    for (const path of Object.values(files)) expect((await stat(path)).size, path).toBeGreaterThan(0);
    const { histories } = verdict as unknown as { histories: HistorySize[] };
    expect(histories.filter(({ events, budgetEvents }) => events > budgetEvents)).toEqual([]);
    expect(histories.filter(({ bytes, budgetBytes = Infinity }) => bytes > budgetBytes)).toEqual([]);
    expect(verdict).toMatchObject({ report: files['report'], evidence: files['evidence'] });
    expect((await verifyEvidence(files['evidence'] ?? '')).trim().split('\n').at(-1)).toMatch(
      /^intact: \d+ sealed files in 2 collections$/,
    );
    expect(Object.keys(verdict).slice(0, 10)).toEqual(FIXED_MEMBERS);
    expect(code).toBe(0);
    expect(raw.trimEnd().split('\n').at(-1)).toContain('"verdict":"contained"');
    expect(lines.some(({ voice, text }) => voice === 'cast' && text?.startsWith('tourniquet approve'))).toBe(true);
    expect(lines.some(({ voice, text }) => voice === 'attacker' && text?.startsWith('has minted the session'))).toBe(true);
  });

  test('without the cast, on a playbook of minutes: stops at its first task, warns, breaches, climbs the ladder to the CTO, exit code 1', async ({
    onTestFinished,
  }) => {
    const dataDir = await folder(onTestFinished);
    const policyDir = join(dataDir, 'policies');
    await writePolicies(policyDir, { edit: { 'compromised-credentials.yaml': inMinutes, 'teams.yaml': quickLadder } });

    const { code, verdict, lines } = await drill(['--json', '--no-cast', '--limit', '120'], {
      TOURNIQUET_DATA_DIR: dataDir,
      TOURNIQUET_POLICY_DIR: policyDir,
    });
    const told = await readSentNotifications(notificationJournal(verdict.dataDir));

    expect(code).toBe(1);
    expect(verdict).toMatchObject({ verdict: 'not-contained', provenSeconds: null });
    expect(verdict['problems']).toContain('the containment of ci-deploy is handedToPerson, not proven');
    const journal = lines.filter(({ voice }) => voice === 'incident').map(({ text }) => text ?? '');
    expect(journal.some((text) => /T\d+ opened: Contain ci-deploy by hand/.test(text))).toBe(true);
    expect(journal.filter((text) => text.startsWith('ladder: ')).map((text) => text.replace(/^ladder: (.+) is paged.*$/, '$1'))).toEqual([
      'Security Engineer',
      'Cloud Platform Security Lead',
      'CISO',
      'CTO',
    ]);
    expect(told.some(({ kind }) => kind === 'warning')).toBe(true);
    expect(told.some(({ kind }) => kind === 'breach')).toBe(true);
    expect(told.filter(({ kind }) => kind === 'page').map(({ team }) => team)).toEqual(
      expect.arrayContaining(['security-lead', 'ciso', 'cto']),
    );
  });
});

const FILES = ['evidence', 'metrics', 'record', 'report', 'reportMarkdown', 'ticket', 'timeline', 'timelineCsv'];

function verifyEvidence(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [MAIN, 'evidence', 'verify', path], { env: childEnvironment() }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(new Error(`not intact: ${stdout}`)),
    );
  });
}

async function folder(onTestFinished: (end: () => Promise<void>) => void): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tourniquet-e2e-drill-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

function drill(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { env: childEnvironment(env), maxBuffer: 50_000_000, timeout: 170_000 };
    execFile(process.execPath, [MAIN, 'drill', ...args], options, (error, stdout, stderr) => {
      const lines = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Line);
      const verdict = lines.at(-1);
      if (verdict === undefined || !('verdict' in verdict))
        return reject(new Error(`no verdict: ${stdout.slice(-2_000)} ${stderr.slice(-2_000)}`));
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, lines, verdict: verdict as unknown as Ended['verdict'], raw: stdout });
    });
  });
}

/** The first two steps burn within a minute; nobody has to wait an hour to see a breach. */
function inMinutes(playbook: Record<string, unknown>): Record<string, unknown> {
  const minutes: Record<string, number> = { validate: 0.3, contain: 0.5 };
  const steps = (playbook['steps'] as { id: string; clock: { minutes: number } }[]).map((step) => ({
    ...step,
    clock: { ...step.clock, minutes: minutes[step.id] ?? step.clock.minutes },
  }));
  return { ...playbook, steps };
}

function quickLadder(teams: Record<string, unknown>): Record<string, unknown> {
  const ladder = teams['ladder'] as { rungs: object[] };
  return { ...teams, ladder: { ...ladder, rungs: ladder.rungs.map((rung, index) => ({ ...rung, afterMinutes: index * 0.15 })) } };
}
