import { mkdtemp } from 'node:fs/promises';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileEvidenceStore } from '../../../src/adapters/evidence/file.js';
import { readEvidenceFolder } from '../../../src/adapters/evidence/read-folder.js';
import { canonicalJson, sha256Of } from '../../../src/domain/canonical-json.js';
import { sha256Hex } from '../../../src/domain/evidence/paths.js';
import { verifyEvidence } from '../../../src/domain/evidence/verify.js';
import type { EvidenceRef } from '../../../src/contracts/primitives.js';
import { sealedIncident } from '../../fixtures/evidence.js';

const INCIDENT = 'INC-20260301-ABCDEFGH';
let base = '';
let master = '';
let manifests: EvidenceRef[] = [];
let paths: string[] = [];
let snapshot = '';

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'tourniquet-verify-'));
  master = join(base, 'master');
  const store = createFileEvidenceStore(master);
  manifests = await sealedIncident(store);
  const content = { user: 'ci-deploy' };
  snapshot = `${INCIDENT}/snapshots/AIDAEXAMPLE-${sha256Of(content).slice(0, 16)}.json`;
  await store.put(snapshot, Buffer.from(canonicalJson(content)));
  paths = (await readEvidenceFolder(master)).files.map(({ path }) => path);
});
afterAll(() => rm(base, { recursive: true }));

let copies = 0;
/** A writable copy of the sealed incident. */
async function aCopy(): Promise<string> {
  const copy = join(base, `copy-${(copies += 1)}`);
  await cp(master, copy, { recursive: true });
  for (const path of paths) await chmod(join(copy, path), 0o640);
  return copy;
}

async function verified(folder: string, expected: string[] = []) {
  return verifyEvidence(await readEvidenceFolder(folder), expected);
}

const named = async (folder: string): Promise<string[]> => (await verified(folder)).problems.map(({ path }) => path);

async function overwrite(folder: string, path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

describe('evidence verify', () => {
  it('finds 3 collections of 3 files each intact, from the store’s root, the incident’s folder and a deeper prefix', async () => {
    const head = manifests.at(-1)?.sha256 ?? '';
    await cp(master, join(base, 'deep', 'prod', 'evidence'), { recursive: true });

    const found = await Promise.all([master, join(master, INCIDENT), join(base, 'deep')].map((folder) => verified(folder, [head])));

    for (const report of found) {
      expect(report).toMatchObject({ ok: true, problems: [], notes: [] });
      expect(report.incidents).toMatchObject([{ collections: ['c01', 'c02', 'c03'], sealedFiles: 9, head }]);
    }
    expect(found.map(({ incidents }) => incidents[0]?.incident)).toEqual([INCIDENT, INCIDENT, `prod/evidence/${INCIDENT}`]);
  });

  it('names each file of which one byte was altered, at its beginning, middle and end', async () => {
    expect(paths).toHaveLength(9 + 6 + 1);
    for (const path of paths) {
      const bytes = await readFile(join(master, path));
      for (const position of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const copy = await aCopy();
        const changed = Buffer.from(bytes);
        changed[position] = (changed[position] ?? 0) ^ 1;
        await writeFile(join(copy, path), changed);
        // Of a manifest and its hash file nobody can tell which of the two was touched.
        const either = path.replace('manifest.sha256', 'manifest.json');

        expect(await named(copy)).toContain(either);
        await rm(copy, { recursive: true });
      }
    }
  });

  it('names each file that was deleted; of a snapshot only the seal could know', async () => {
    for (const path of paths.filter((one) => one !== snapshot)) {
      const copy = await aCopy();
      await rm(join(copy, path));

      expect(await named(copy)).toContain(path);
    }
  });

  it('names each file that was cut to nothing', async () => {
    const copy = await aCopy();
    for (const path of paths) await writeFile(join(copy, path), '');

    const problems = await named(copy);

    for (const path of paths.filter((one) => !one.endsWith('.sha256'))) expect(problems).toContain(path);
  });

  it('names an added file wherever it is put, and a link', async () => {
    const added = ['x.json', `${INCIDENT}/x.json`, `${INCIDENT}/c01/x.json`, `${INCIDENT}/c01/guardDuty/findings-0123456789abcdef.json`];
    added.push(
      `${INCIDENT}/snapshots/AIDAEXAMPLE-0123456789abcdef.json`,
      `${INCIDENT}/c01/guardDuty/deep/x.json`,
      `${INCIDENT}/c09/iamState/x.json`,
    );
    const copy = await aCopy();
    for (const path of added) await overwrite(copy, path, '{"planted":true}');
    await symlink('/etc/hostname', join(copy, INCIDENT, 'c01', 'link.json'));

    expect(await named(copy)).toEqual(expect.arrayContaining([...added, `${INCIDENT}/c01/link.json`, `${INCIDENT}/c09/manifest.json`]));
  });

  it('names a copy of a sealed file under another name', async () => {
    const copy = await aCopy();
    await cp(join(copy, paths[0] ?? ''), join(copy, INCIDENT, 'c01', 'guardDuty', 'again.json'));

    const { problems } = await verified(copy);

    expect(problems).toEqual([
      { kind: 'added', path: `${INCIDENT}/c01/guardDuty/again.json`, detail: `holds the bytes sealed as ${paths[0]}` },
    ]);
  });

  it('tells of a file that a repeated collection left and of an interrupted write, and stays green', async () => {
    const copy = await aCopy();
    const content = '{"events":[]}';
    const left = `${INCIDENT}/c02/cloudTrail/lookup-events-${sha256Hex(Buffer.from(content)).slice(0, 16)}.json`;
    const torn = `${left}.0b2c5a3e-7d0e-4a3f-9a50-3b1c2d4e5f60.tmp`;
    await overwrite(copy, left, content);
    await overwrite(copy, torn, '{"ev');

    const report = await verified(copy);

    expect(report.ok).toBe(true);
    expect(report.notes).toEqual([
      { path: left, detail: 'not sealed: left by a repeated collection' },
      { path: torn, detail: 'left by an interrupted write' },
    ]);
  });

  it('names both files of every swapped pair', async () => {
    const sealed = paths.filter((path) => !path.includes('manifest') && path !== snapshot);
    for (const [index, first] of sealed.entries()) {
      for (const second of sealed.slice(index + 1)) {
        const copy = await aCopy();
        await rename(join(copy, first), join(copy, 'aside'));
        await rename(join(copy, second), join(copy, first));
        await rename(join(copy, 'aside'), join(copy, second));

        const { problems } = await verified(copy);

        expect(problems).toContainEqual({ kind: 'moved', path: first, detail: `holds the bytes sealed as ${second}` });
        expect(problems).toContainEqual({ kind: 'moved', path: second, detail: `holds the bytes sealed as ${first}` });
        await rm(copy, { recursive: true });
      }
    }
  });

  it('says where a renamed file is', async () => {
    const copy = await aCopy();
    const [path = ''] = paths;
    await rename(join(copy, path), join(copy, INCIDENT, 'c03', 'elsewhere.json'));

    const { problems } = await verified(copy);

    expect(problems).toContainEqual({ kind: 'moved', path, detail: `is not there; its bytes are at ${INCIDENT}/c03/elsewhere.json` });
    expect(problems.map((one) => one.path)).toContain(`${INCIDENT}/c03/elsewhere.json`);
  });
});

describe('the chain of collections', () => {
  const folderOf = (copy: string, id: string) => join(copy, INCIDENT, id);
  const manifestOf = (id: string) => `${INCIDENT}/${id}/manifest.json`;

  it.each([
    ['c01', 'c02'],
    ['c01', 'c03'],
    ['c02', 'c03'],
  ])('names %s and %s when their folders were exchanged', async (first, second) => {
    const copy = await aCopy();
    await rename(folderOf(copy, first), folderOf(copy, 'aside'));
    await rename(folderOf(copy, second), folderOf(copy, first));
    await rename(folderOf(copy, 'aside'), folderOf(copy, second));

    const { problems } = await verified(copy);

    for (const id of [first, second]) {
      expect(problems).toContainEqual(
        expect.objectContaining({ kind: 'manifest', path: manifestOf(id), detail: expect.stringContaining('reordered') }),
      );
    }
    expect(problems.some(({ kind }) => kind === 'chain')).toBe(true);
  });

  it.each(['c01', 'c02'])('notices that %s was removed whole', async (id) => {
    const copy = await aCopy();
    await rm(folderOf(copy, id), { recursive: true });
    const next = id === 'c01' ? 'c02' : 'c03';

    expect((await verified(copy)).problems).toEqual([expect.objectContaining({ kind: 'chain', path: manifestOf(next) })]);
  });

  it('notices the last one removed whole, or forged with its hash file, by the hash kept elsewhere', async () => {
    const head = manifests.at(-1)?.sha256 ?? '';
    const [removed, forged] = [await aCopy(), await aCopy()];
    await rm(folderOf(removed, 'c03'), { recursive: true });
    const text = (await readFile(join(forged, manifestOf('c03')), 'utf8')).replace('no flow log', 'not looked');
    await writeFile(join(forged, manifestOf('c03')), text);
    await writeFile(join(forged, INCIDENT, 'c03', 'manifest.sha256'), `${sha256Hex(Buffer.from(text))}  manifest.json\n`);

    for (const copy of [removed, forged]) {
      expect((await verified(copy)).ok).toBe(true);
      expect((await verified(copy, [head])).problems).toEqual([expect.objectContaining({ kind: 'head' })]);
    }
  });

  it('names an earlier manifest that was rewritten with its hash file', async () => {
    const copy = await aCopy();
    const text = (await readFile(join(copy, manifestOf('c01')), 'utf8')).replace('no flow log', 'not looked');
    await writeFile(join(copy, manifestOf('c01')), text);
    await writeFile(join(copy, INCIDENT, 'c01', 'manifest.sha256'), `${sha256Hex(Buffer.from(text))}  manifest.json\n`);

    const { problems } = await verified(copy);

    expect(problems).toEqual([
      expect.objectContaining({ kind: 'chain', path: manifestOf('c02'), detail: expect.stringContaining(manifestOf('c01')) }),
    ]);
  });

  it.each([
    ['no JSON', () => '{', 'is not JSON'],
    ['another shape', () => '{"format":"x"}', 'malformed'],
    ['spaces', (text: string) => ` ${text}`, 'canonical'],
    ['files of another incident', (text: string) => text.replaceAll(`"path":"${INCIDENT}/`, '"path":"INC-2/'), 'another incident'],
  ])('names a manifest with %s', async (_what, change, detail) => {
    const copy = await aCopy();
    const text = change(await readFile(join(copy, manifestOf('c03')), 'utf8'));
    await writeFile(join(copy, manifestOf('c03')), text);
    await writeFile(join(copy, INCIDENT, 'c03', 'manifest.sha256'), `${sha256Hex(Buffer.from(text))}  manifest.json\n`);

    expect((await verified(copy)).problems).toContainEqual(
      expect.objectContaining({ kind: 'manifest', path: manifestOf('c03'), detail: expect.stringContaining(detail) }),
    );
  });

  it('keeps incidents apart, and names one whose folder bears another’s name', async () => {
    const copy = await aCopy();
    await sealedIncident(createFileEvidenceStore(copy), { incidentId: 'INC-20260302-BBBBBBBB', collections: 1 });
    expect((await verified(copy)).incidents.map(({ incident }) => incident)).toEqual([INCIDENT, 'INC-20260302-BBBBBBBB']);
    await rename(join(copy, 'INC-20260302-BBBBBBBB'), join(copy, 'INC-20260303-CCCCCCCC'));

    expect(await named(copy)).toContain('INC-20260303-CCCCCCCC/c01/manifest.json');
  });

  it('finds no evidence in an empty folder', async () => {
    const empty = join(base, 'empty');
    await mkdir(empty);

    expect((await verified(empty)).problems).toEqual([{ kind: 'missing', path: '.', detail: 'holds no evidence' }]);
    expect(await readdir(empty)).toEqual([]);
  });
});
