import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createFileEvidenceStore } from '../../../src/adapters/evidence/file.js';
import { createFileRecordStore } from '../../../src/adapters/records/file.js';
import { watchLines } from '../../../src/cli/commands/watch.js';
import { follow, type Frame } from '../../../src/cli/follow.js';
import { runCli } from '../../../src/cli/run-cli.js';
import { packagePath } from '../../../src/config/paths.js';
import { IncidentRecord } from '../../../src/contracts/record.js';
import { Json } from '../../../src/contracts/primitives.js';
import { aState } from '../engine/state-fixture.js';
import { aCli } from '../../fixtures/cli.js';
import { omit } from '../../fixtures/omit.js';
import { poisoned } from '../../fixtures/poison.js';
import { anIncidentRecord, anOpenRecord, aTimeline, HOSTILE } from '../../fixtures/record.js';

const ID = 'INC-20261122-7K2M9QXD';
let dataDir: string;
let out: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tourniquet-test-'));
  out = await mkdtemp(join(tmpdir(), 'tourniquet-test-'));
});

async function run(...args: string[]): Promise<{ code: number; lines: string[]; errors: string[] }> {
  const { context, lines, errors } = aCli({ at: '2026-12-01T00:00:00Z', env: { TOURNIQUET_DATA_DIR: dataDir } });
  return { code: await runCli(args, context), lines, errors };
}

const store = (record: unknown, id = ID): Promise<void> =>
  createFileRecordStore(join(dataDir, 'records')).putRecord(id, Json.parse(record));

async function withTimelineFile(record: IncidentRecord): Promise<IncidentRecord> {
  const { timeline } = record;
  if (timeline === undefined) throw new Error('the fixture has no timeline');
  const working = createFileEvidenceStore(join(dataDir, 'working'));
  const ref = await working.put(timeline.ref.path, new TextEncoder().encode(JSON.stringify(aTimeline())));
  return { ...record, timeline: { ...timeline, ref } };
}

describe('tourniquet report', () => {
  it('writes 3 files from the record of a closed incident without asking Temporal, and prints their paths', async () => {
    await store(await withTimelineFile(anIncidentRecord()));

    const { code, lines, errors } = await run('report', ID, '--out', join(out, 'new'));

    expect([code, errors]).toEqual([0, []]);
    expect(lines).toEqual(['html', 'md', 'json'].map((ending) => join(out, 'new', `${ID}.${ending}`)));
    expect(await readFile(lines[0] ?? '', 'utf8')).toContain('iam:CreateUser');
    expect(await readFile(lines[1] ?? '', 'utf8')).toContain(`# Incident ${ID}`);
    expect(IncidentRecord.parse(JSON.parse(await readFile(lines[2] ?? '', 'utf8'))).incidentId).toBe(ID);
  });

  it('writes only the format asked for, and says when the timeline file is missing', async () => {
    await store(anIncidentRecord());

    const { code, errors } = await run('report', ID, '--out', out, '--format', 'html');

    expect(code).toBe(0);
    expect(await readdir(out)).toEqual([`${ID}.html`]);
    expect(errors.join()).toContain('the timeline file is not in the report');
    expect(await readFile(join(out, `${ID}.html`), 'utf8')).toContain('The timeline file could not be read');
  });

  it('takes the stored record of an open incident, with a note, when Temporal does not answer', async () => {
    await store(anOpenRecord());

    const { code, errors } = await run('report', ID, '--out', out, '--format', 'md');

    expect(code).toBe(0);
    expect(errors[0]).toBe('# as of 2026-11-22T11:30:00.000Z, when it was last stored: Temporal does not answer at localhost:1');
  });

  it.each([
    { name: 'an unknown format', args: [ID, '--format', 'pdf'], expected: 2 },
    { name: 'no incident', args: [], expected: 2 },
    { name: 'what is no incident id', args: ['INC-1'], expected: 2 },
    { name: 'a follow-up that is not closed', args: [`${ID}-F`], expected: 1 },
    { name: 'a path', args: ['../../etc/passwd'], expected: 1 },
  ])('ends with exit code $expected and writes nothing for $name', async ({ args, expected }) => {
    const { code, lines } = await run('report', ...args, '--out', out);

    expect([code, lines, await readdir(out)]).toEqual([expected, [], []]);
  });

  it('says where it looked for an incident that nobody knows', async () => {
    const { code, errors } = await run('report', ID, '--out', out);

    expect(code).toBe(1);
    expect(errors).toEqual([
      `there is no stored record of ${ID} in ${join(dataDir, 'records')}, and its state cannot be asked for: Temporal does not answer at localhost:1`,
    ]);
  });

  it('says that a stored record cannot be read, and that a folder cannot be written to', async () => {
    await store({ format: 'something else' });
    const unreadable = await run('report', ID, '--out', out);
    await store(anIncidentRecord());
    await writeFile(join(out, 'file'), '');
    const unwritable = await run('report', ID, '--out', join(out, 'file'));

    expect([unreadable.code, unreadable.errors]).toEqual([1, [`the stored record of ${ID} cannot be read`]]);
    expect(unwritable.code).toBe(2);
    expect(unwritable.errors.at(-1)).toMatch(/^cannot write to .*file \((ENOTDIR|EEXIST)\)$/);
  });
});

describe('tourniquet metrics', () => {
  it('prints a table with targets and the rule of automation', async () => {
    await store(anIncidentRecord());
    await store({ ...anIncidentRecord(), incidentId: `${ID}-F`, followUpOf: ID }, `${ID}-F`);

    const { code, lines } = await run('metrics', '--since', '30d');

    expect(code).toBe(0);
    expect(lines[0]).toBe('1 incident since 2026-11-01 00:00 UTC');
    expect(lines.find((line) => line.startsWith('MTTC'))).toMatch(
      /^MTTC \(contain\) +1 +0 +50 min 20 s +50 min 20 s +50 min 20 s +6 h +1 of 1 \(100 %\)$/,
    );
    expect(lines).toContain('automated containments: 2 of 2 (100 %), target > 80 %: met');
    expect(lines.join('\n')).toContain('approved by people, then carried out by Tourniquet, counts as automated');
  });

  it('prints one line of JSON, and CSV by metric or by incident', async () => {
    await store(anIncidentRecord());

    const json = await run('metrics', '--json');
    const summary = await run('metrics', '--csv');
    const incidents = await run('metrics', '--csv', 'incidents');

    expect(json.lines).toHaveLength(1);
    expect(JSON.parse(json.lines[0] ?? '')).toMatchObject({
      automation: { automated: 2 },
      incidents: [{ incidentId: ID }],
      unreadable: [],
    });
    expect(summary.lines[5]).toBe('mttc,1,0,0,3020,3020,3020,21600,1,1');
    expect(incidents.lines[1]).toContain(`${ID},2026-11-22T10:00:00.000Z,HIGH,closed,resolved,`);
  });

  it('names a record that cannot be read, leaves it out and ends with exit code 1', async () => {
    await store(anIncidentRecord());
    await store({ format: 'x' }, 'INC-20261123-BROKEN22');

    const { code, errors, lines } = await run('metrics');

    expect(code).toBe(1);
    expect(errors).toEqual(['# the record of INC-20261123-BROKEN22 cannot be read and is left out']);
    expect(lines[0]).toContain('1 incident since');
  });

  it('says so when there is none, and where it looked', async () => {
    const { code, lines } = await run('metrics', '--since', '2026-11-30');

    expect([code, lines]).toEqual([0, [`no recorded incident since 2026-11-30 00:00 UTC in ${join(dataDir, 'records')}`]]);
  });

  it.each(['yesterday', '30', '2026-02-31', '2026-13-01', '2027-01-01', '', '30d; rm'])(
    'refuses --since %j with exit code 2',
    async (since) => {
      const { code, errors } = await run('metrics', '--since', since);

      expect(code).toBe(2);
      expect(errors.join()).toContain('--since');
    },
  );

  it('refuses CSV and JSON at once, and an unknown kind of rows', async () => {
    expect((await run('metrics', '--json', '--csv')).code).toBe(2);
    expect((await run('metrics', '--csv', 'pdf')).code).toBe(2);
  });

  it('prints nothing that acts on a terminal, in any form', async () => {
    const { value } = poisoned(IncidentRecord, anIncidentRecord({ summary: HOSTILE.join(' ') }), HOSTILE);
    await store({ ...value, summary: HOSTILE.join(' ') });

    const printed = await Promise.all([run('metrics'), run('metrics', '--csv', 'incidents'), run('metrics', '--json')]);

    for (const { lines } of printed) {
      expect(lines.join('')).toContain('evil.example');
      expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});

describe('tourniquet schema', () => {
  const schemaOf = async (what: string): Promise<object> => JSON.parse((await run('schema', what)).lines.join('\n')) as object;

  it('prints a schema of playbooks that the shipped one fits, and a slip does not', async () => {
    const playbook = parse(await readFile(packagePath('src', 'playbooks', 'compromised-credentials.yaml'), 'utf8')) as { steps: object[] };
    const validate = new Ajv({ validateFormats: false }).compile(await schemaOf('playbook'));

    expect([validate(playbook), validate.errors]).toEqual([true, null]);
    expect(validate({ ...playbook, severity: 'URGENT' })).toBe(false);
    expect(validate({ ...playbook, stepz: [] })).toBe(false);
    expect(validate({ ...playbook, steps: [{ ...playbook.steps[0], run: 'noSuchBehaviour' }] })).toBe(false);
  });

  it('prints a schema of records that a record fits, and one without its id does not', async () => {
    const validate = new Ajv({ validateFormats: false }).compile(await schemaOf('record'));
    const nameless = omit(anIncidentRecord(), 'incidentId');

    expect([validate(anIncidentRecord()), validate.errors]).toEqual([true, null]);
    expect(validate(nameless)).toBe(false);
  });

  it.each([[['schema']], [['schema', 'incident']]])('refuses %j with exit code 2', async (args) => {
    expect((await run(...args)).code).toBe(2);
  });
});

describe('tourniquet watch', () => {
  const frame = (text: string, isOver = false): Frame => ({ lines: [text], isOver });

  async function watched(looks: (Frame | Error | undefined)[], stopAfter = Infinity): Promise<{ drawn: string[]; pauses: number }> {
    const drawn: string[] = [];
    let pauses = 0;
    const left = [...looks];
    await follow({
      read: () => {
        const next = left.shift();
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
      },
      draw: (lines) => void drawn.push(lines.join('/')),
      pause: () => {
        pauses += 1;
        return Promise.resolve(pauses < stopAfter);
      },
    });
    return { drawn, pauses };
  }

  it('draws only what changed and ends when it is over', async () => {
    const seen = await watched([frame('a'), frame('a'), frame('b'), frame('b'), frame('closed', true)]);

    expect(seen).toEqual({ drawn: ['a', 'b', 'closed'], pauses: 4 });
  });

  it('keeps what was seen under a warning while nobody answers, and goes on', async () => {
    const down = new Error('no worker\u001b[31m answered');

    const { drawn } = await watched([frame('a'), down, down, frame('a'), frame('b', true)]);

    expect(drawn).toEqual(['a', 'NOT UP TO DATE: no worker\\u{1b}[31m answered; trying again/a', 'a', 'b']);
  });

  it('ends when it is stopped, between two looks or during one', async () => {
    expect(await watched([frame('a'), frame('b')], 1)).toEqual({ drawn: ['a'], pauses: 1 });
    expect(await watched([frame('a'), undefined])).toEqual({ drawn: ['a'], pauses: 1 });
  });

  it('begins with the 3 answers, and shows the same within a minute', () => {
    const state = aState({ journal: [{ at: '2026-11-22T10:00:00.000Z', who: 'lea', text: HOSTILE.join(' ') }] });

    const [first, second] = ['10:05:01', '10:05:59'].map((time) => watchLines(state, new Date(`2026-11-22T${time}Z`)));

    expect(first?.slice(1, 6)).toEqual([
      'Contained and proven? Nothing was contained',
      '  verdict not given yet',
      'Who must act? Nobody',
      '  Tourniquet is at work: Do validate',
      'Which clock burns? Next in 25 min 00 s',
    ]);
    expect(first?.slice(0, 10)).toEqual(second?.slice(0, 10));
    expect(first?.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('ends with the error when the first look fails', async () => {
    await expect(watched([new Error('no incident INC-X')])).rejects.toThrow('no incident INC-X');
  });

  it.each([[['watch']], [['watch', ID, '--once']]])('%j ends with exit code 1 and one line when Temporal does not answer', async (args) => {
    expect(await run(...args)).toMatchObject({ code: 1, errors: ['Temporal does not answer at localhost:1'] });
  });
});
