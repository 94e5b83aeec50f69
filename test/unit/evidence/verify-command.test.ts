import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFileEvidenceStore } from '../../../src/adapters/evidence/file.js';
import { runCli } from '../../../src/cli/run-cli.js';
import type { EvidenceRef } from '../../../src/contracts/primitives.js';
import { aCli } from '../../fixtures/cli.js';
import { sealedIncident } from '../../fixtures/evidence.js';

async function run(args: readonly string[]) {
  const { context, lines, errors } = aCli();
  const code = await runCli(['evidence', 'verify', ...args], context);
  return { code, lines, errors };
}

let folder = '';
let manifests: EvidenceRef[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tourniquet-verify-'));
  manifests = await sealedIncident(createFileEvidenceStore(folder), { collections: 2 });
});

describe('tourniquet evidence verify', () => {
  it('ends with 0, the head and a summary when nothing is wrong', async () => {
    const head = manifests[1]?.sha256 ?? '';

    const { code, lines, errors } = await run([folder, '--expect', head]);

    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(lines).toEqual([`head      INC-20260301-ABCDEFGH  ${head}`, 'intact: 6 sealed files in 2 collections']);
  });

  it('ends with 1 and one line per problem', async () => {
    const path = manifests[0]?.path ?? '';
    await chmod(join(folder, path), 0o640);
    await writeFile(join(folder, path), '{');
    await writeFile(join(folder, 'x\u001b[31m.txt'), '');

    const { code, lines } = await run([folder]);

    expect(code).toBe(1);
    expect(lines.some((line) => line.startsWith('ALTERED') && line.includes(path))).toBe(true);
    expect(lines.some((line) => line.startsWith('ADDED') && line.includes('x'))).toBe(true);
    expect(lines.at(-1)).toMatch(/^NOT INTACT, \d+ problem\(s\): /);
    expect(lines.join('')).toMatch(/^[^\p{Cc}]*$/u);
  });

  it('prints one line of JSON', async () => {
    const { code, lines } = await run([folder, '--json', '--expect', 'ab'.repeat(32), '--expect', manifests[1]?.sha256 ?? '']);

    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ok: false,
      problems: [{ kind: 'head' }],
      incidents: [{ head: manifests[1]?.sha256 }],
    });
  });

  it('answers a missing folder and a bad hash with one line and exit code 2', async () => {
    await rm(join(folder, 'none'), { force: true });
    for (const args of [[join(folder, 'none')], [folder, '--expect', 'abc']]) {
      const { code, lines, errors } = await run(args);

      expect({ code, lines, errors: errors.length }).toEqual({ code: 2, lines: [], errors: 1 });
    }
  });
});
