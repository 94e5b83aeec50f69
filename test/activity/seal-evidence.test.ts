import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSealEvidence } from '../../activities/evidence/seal-evidence.js';
import { createFileEvidenceStore } from '../../src/adapters/evidence/file.js';
import { readEvidenceFolder } from '../../src/adapters/evidence/read-folder.js';
import { EvidenceManifest, type EvidenceItem, type SealInput } from '../../src/contracts/evidence.js';
import { failureOf, run } from '../fixtures/activities.js';
import { aCollectedItem, COLLECTOR } from '../fixtures/evidence.js';

const INCIDENT = 'INC-20260301-ABCDEFGH';
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tourniquet-seal-'));
});
afterAll(() => rm(folder, { recursive: true }));

let stores = 0;
async function aCollection(change: Partial<SealInput> = {}) {
  const root = join(folder, String((stores += 1)));
  const evidence = createFileEvidenceStore(root);
  const seal = createSealEvidence({ evidence, collector: COLLECTOR });
  const collected = await aCollectedItem(evidence, { incidentId: INCIDENT, collectionId: 'c01', item: 'iamState', names: ['details'] });
  const absent: EvidenceItem = { item: 'guardDuty', outcome: 'absent', reason: 'no detector' };
  const input: SealInput = {
    incidentId: INCIDENT,
    collectionId: 'c01',
    items: [collected, absent],
    sealedAt: '2026-03-01T12:00:00.000Z',
    ...change,
  };
  return { root, evidence, seal, input, collected };
}

describe('sealEvidence', () => {
  it('delivered twice writes one manifest with the same bytes, and says what was collected and what was not', async () => {
    const { root, seal, input } = await aCollection();

    const first = await run(seal, input);
    const before = await readEvidenceFolder(root);
    const second = await run(seal, input);

    expect(second).toEqual(first);
    expect((await readEvidenceFolder(root)).files).toEqual(before.files);
    expect(first).toMatchObject({ collected: ['iamState'], absent: ['guardDuty'], manifest: { path: `${INCIDENT}/c01/manifest.json` } });
    const manifest = EvidenceManifest.parse(JSON.parse(await readFile(join(root, first.manifest.path), 'utf8')));
    expect(manifest).toMatchObject({ previousSha256: null, collector: COLLECTOR, items: input.items });
    expect(await readFile(join(root, INCIDENT, 'c01', 'manifest.sha256'), 'utf8')).toBe(`${first.manifest.sha256}  manifest.json\n`);
  });

  it('carries the hash of the manifest before', async () => {
    const { root, seal, input } = await aCollection();
    const first = await run(seal, input);

    const second = await run(seal, { ...input, collectionId: 'c02', items: [], previous: first.manifest });

    const text = await readFile(join(root, second.manifest.path), 'utf8');
    expect(EvidenceManifest.parse(JSON.parse(text)).previousSha256).toBe(first.manifest.sha256);
  });

  it('refuses other content for a sealed collection', async () => {
    const { seal, input } = await aCollection();
    await run(seal, input);

    const failure = await failureOf(run(seal, { ...input, items: [] }));

    expect(failure).toMatchObject({ type: 'PreconditionFailed', retryable: false });
  });

  it('refuses foreign files, an item twice, and a manifest before it that is none', async () => {
    const { seal, input, collected } = await aCollection();
    const ref = { store: 'file', path: `${INCIDENT}/c01/manifest.json`, sha256: 'a'.repeat(64), bytes: 1 };
    const bad: SealInput[] = [
      { ...input, incidentId: 'INC-2' },
      { ...input, items: [collected, collected] },
      { ...input, previous: ref },
      { ...input, collectionId: 'c02', previous: { ...ref, path: 'INC-2/c01/manifest.json' } },
      { ...input, collectionId: 'c02', previous: { ...ref, path: `${INCIDENT}/c01/x.json` } },
    ];

    for (const one of bad) expect(await failureOf(run(seal, one))).toMatchObject({ type: 'InvalidPayload', retryable: false });
  });
});
