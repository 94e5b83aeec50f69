import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run-cli.js';
import { aCli } from '../../fixtures/cli.js';
import { aRecord, KEY } from './log-builders.js';

const SAMPLES = fileURLToPath(new URL('../../fixtures/cloudtrail/', import.meta.url));
type Raw = ReturnType<typeof JSON.parse>;
const sorted = (texts: string[]): string[] => texts.toSorted((a, b) => (a < b ? -1 : 1));

async function run(args: readonly string[]) {
  const { context, lines, errors } = aCli();
  const code = await runCli(['investigate', ...args], context);
  return { code, lines, errors, text: lines[0] ?? '' };
}

async function sample(name: string): Promise<Raw[]> {
  return JSON.parse(await readFile(join(SAMPLES, `stratus-${name}.json`), 'utf8'));
}

/** Investigates a sample with the long-term key that its records begin with. */
async function investigated(name: string) {
  const records = await sample(name);
  const seed = records.map((one) => one['userIdentity'].accessKeyId).find((key) => key.startsWith('AKIA'));
  const { text } = await run(['--logs', join(SAMPLES, `stratus-${name}.json`), '--seed', seed, '--json']);
  return { records, seed, found: JSON.parse(text) };
}

const folder = () => mkdtemp(join(tmpdir(), 'tourniquet-logs-'));

describe('investigate on the published samples', () => {
  it.each(['organizations-leave', 'sts-federation-token', 'iam-create-admin-user', 'iam-create-backdoor-role', 'ec2-get-password-data'])(
    '%s: every record is the thief’s, and every issued key hangs on its parent',
    async (name) => {
      const { records, seed, found } = await investigated(name);

      const issued = records
        .map((one) => one['responseElements']?.credentials?.accessKeyId ?? one['responseElements']?.accessKey?.accessKeyId)
        .filter(Boolean);
      expect(sorted(found.events)).toEqual(sorted(records.map((one) => one['eventID'])));
      expect(found.holderEvents).toEqual([]);
      expect(sorted(found.credentials.map((one: Raw) => one['id']))).toEqual(sorted([seed, ...issued]));
      for (const one of found.credentials) {
        expect(one.parent).toBe(one.id === seed ? null : seed);
        expect(one.used).toBe(records.some((record) => record['userIdentity'].accessKeyId === one.id));
        expect(one.strength).toBe('exact');
      }
    },
  );

  it('organizations-leave: of two keys with one session name only the used one is used, and the use comes last', async () => {
    const { records, found } = await investigated('organizations-leave');

    expect(found.credentials.filter((one: Raw) => one['used'] && one['kind'] === 'role-session')).toHaveLength(1);
    expect(found.events.at(-1)).toBe(records.find((one) => one['eventName'] === 'LeaveOrganization')?.['eventID']);
  });

  it('iam-create-admin-user: create comes first inside the second; user and key are there, and the key can be ended', async () => {
    const { records, found } = await investigated('iam-create-admin-user');

    expect(found.events[0]).toBe(records.find((one) => one['eventName'] === 'CreateUser')?.['eventID']);
    expect(found.principals).toMatchObject([{ how: 'created', arn: expect.stringContaining('user/malicious-iam-user') }]);
    expect(found.containment.map((call: Raw) => call['target'])).toEqual(sorted(found.credentials.map((one: Raw) => one['id'])));
  });

  it('iam-create-backdoor-role: the outside account of the trust is external and not contained', async () => {
    const { found } = await investigated('iam-create-backdoor-role');

    expect(found.principals.map((row: Raw) => row['how'])).toEqual(['external', 'created']);
    expect(found.completeness.outsiders).toEqual([expect.stringContaining('193672423079')]);
  });
});

describe('the same records in another form', () => {
  it('shuffled, duplicated and split ten ways over lines, lists, wrappers and gz give the same line', async () => {
    const names = ['organizations-leave', 'iam-create-admin-user', 'ec2-get-password-data'];
    const all = (await Promise.all(names.map(sample))).flat();
    const asked = ['--seed', 'AKIAWOGXN38MFN92ING5', '--json'];
    const [one, many] = [await folder(), await folder()];
    await writeFile(join(one, 'all.json'), JSON.stringify({ Records: all }));
    const shuffled = [...all, ...all.slice(0, 20)].toSorted((a, b) => (a['requestID'] < b['requestID'] ? 1 : -1));
    for (let part = 0; part < 10; part += 1) {
      const records = shuffled.filter((_, index) => index % 10 === part);
      const forms = [
        JSON.stringify({ Records: records }),
        JSON.stringify(records, null, 2),
        records.map((record) => JSON.stringify(record)).join('\n'),
      ];
      const text = forms[part % 3] ?? '';
      await writeFile(join(many, `part-${part}${part % 2 === 0 ? '.json' : '.json.gz'}`), part % 2 === 0 ? text : gzipSync(text));
    }

    const [whole, split] = [await run(['--logs', one, ...asked]), await run(['--logs', many, ...asked])];

    expect(whole.code).toBe(0);
    expect(split.text).toBe(whole.text);
    expect(JSON.parse(whole.text).events).toHaveLength(34);
  });
});

describe('hostile input', () => {
  it('skips and counts what is no record, and reads what stands around it', async () => {
    const place = await folder();
    const good = [aRecord('ListUsers'), aRecord('ListRoles'), aRecord('ListGroups')].map((one) => JSON.stringify(one));
    const hostile = [
      `{"eventID":"big","x":"${'a'.repeat(10 * 1024 * 1024)}"}`,
      '{"__proto__":{"polluted":true},"eventID":"p","eventName":"x","eventSource":"s","eventTime":"2026-03-01T12:00:00Z"}',
      JSON.stringify(aRecord('ListUsers', { eventID: 'a\u001b[31mb' })),
      '{"eventID":"cut","userIdentity":{"arn":"arn:aws',
      '{"eventID":"cut2","userIdentity":{"type":"Root"',
      'not json',
    ];
    await writeFile(
      join(place, 'a.jsonl'),
      [hostile[0], good[0], hostile[1], hostile[2], good[1], hostile[3], hostile[4], good[2], hostile[5]].join('\n'),
    );
    const gz = gzipSync(JSON.stringify({ Records: [aRecord('ListPolicies')] }));
    await writeFile(join(place, 'cut.json.gz'), gz.subarray(0, gz.length - 12));

    const { code, text } = await run(['--logs', place, '--seed', KEY, '--json']);

    const found = JSON.parse(text);
    expect(code).toBe(0);
    expect(found.events.length).toBeGreaterThanOrEqual(3);
    expect(found.completeness.unreadable.count).toBeGreaterThanOrEqual(6);
    expect(found.completeness).toMatchObject({ incomplete: true, unreadFiles: [{ reason: 'gzip data ends too early' }] });
    expect('polluted' in {}).toBe(false);
  });

  it('answers a bad seed, a missing path, a folder without records and bad options with one line and exit code 2', async () => {
    const empty = await folder();
    await writeFile(join(empty, 'x.json'), '[1, 2');
    const bad = [
      ['--logs', SAMPLES, '--seed', 'hello'],
      ['--logs', '/does/not/exist', '--seed', KEY],
      ['--logs', empty, '--seed', KEY],
      ['--logs', SAMPLES, '--seed', KEY, '--since', 'yesterday'],
      ['--logs', SAMPLES, '--seed', KEY, '--suspect-ip', 'x y'],
      ['--logs', SAMPLES, '--seed', KEY, '--owned-account', '12'],
    ];

    for (const args of bad) {
      const { code, lines, errors } = await run(args);
      expect(code).toBe(2);
      expect(lines).toEqual([]);
      expect(errors).toHaveLength(1);
    }
  });

  it('prints a summary without --json, and says so when the seed does not occur', async () => {
    const { code, lines } = await run(['--logs', SAMPLES, '--seed', KEY]);

    expect(code).toBe(0);
    expect(lines.join('\n')).toContain('the seed does not occur in the logs');
  });
});
