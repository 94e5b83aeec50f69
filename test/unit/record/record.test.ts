import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileRecordStore } from '../../../src/adapters/records/file.js';
import { IncidentRecord } from '../../../src/contracts/record.js';
import { recordOf } from '../../../src/domain/record/record.js';
import { withoutSecrets } from '../../../src/domain/record/without-secrets.js';
import { aPrincipal, anAlert, aResolution, aView } from '../../fixtures/builders.js';
import { anIncidentRecord } from '../../fixtures/record.js';
import { SECRETS, secretsIn } from '../../fixtures/secrets.js';
import { aState } from '../engine/state-fixture.js';

const BASIS = { older: [], recordedAt: '2026-11-22T12:00:00.000Z' };
const AT = '2026-11-22T10:00:00.000Z';

describe('the record', () => {
  it('is a valid record with the older journal lines first', () => {
    const state = aState({ journal: [{ at: AT, who: 'w', text: 'new' }] });

    const record = recordOf(state, { ...BASIS, older: [{ at: AT, who: 'w', text: 'old' }] });

    expect(IncidentRecord.parse(record)).toEqual(record);
    expect(record.journal.map(({ text }) => text)).toEqual(['old', 'new']);
    expect(record.steps.map(({ stepId, owner }) => [stepId, owner])).toContainEqual(['contain', 'Security Engineer']);
  });

  it('puts refused measures, and where an unproven containment stands, before the limits of the claim', () => {
    const view = aView({
      state: 'notContained',
      headline: 'CreateAccessKey succeeded; not proven',
      failedMeasures: [{ measure: 'denyUser', target: 'ci-deploy', reason: 'AccessDenied' }],
      limits: ['region us-east-1'],
    });

    const [containment] = recordOf(aState({ scope: { a: view } }), BASIS).containments;
    const [proven] = recordOf(
      aState({ scope: { a: aView({ state: 'proven', provenAt: AT, limits: ['region us-east-1'] }) } }),
      BASIS,
    ).containments;

    expect(containment?.limits).toEqual([
      'REFUSED denyUser ci-deploy: AccessDenied',
      'CreateAccessKey succeeded; not proven',
      'region us-east-1',
    ]);
    expect(proven?.limits).toEqual(['region us-east-1']);
  });

  it.each([
    ['an approved plan carried out by Tourniquet', { appliedAt: AT, byHand: false }, true],
    ['calls made by a person', { appliedAt: AT, byHand: true }, false],
    ['nothing written', { byHand: false }, false],
  ])('%s is automated: %s', (_, change, automated) => {
    const [containment] = recordOf(aState({ scope: { a: aView(change) } }), BASIS).containments;

    expect(containment?.automated).toBe(automated);
  });

  it.each(Object.entries(SECRETS))('holds no %s that somebody pasted or a caller chose', (_, secret) => {
    const principal = aPrincipal();
    const state = aState({
      resolution: aResolution(principal),
      alerts: { total: 1, bySource: {}, seen: [], kept: [anAlert({ title: secret, type: secret })] },
      journal: [{ at: AT, who: 'lea', text: secret }],
      closing: { outcome: 'closed', reason: secret, at: AT },
      scope: { a: aView({ provenBy: [secret], limits: [secret], headline: secret }) },
      evidence: [
        { collectionId: 'c01', manifest: { store: 'f', path: 'p', sha256: 'a'.repeat(64), bytes: 1 }, collected: [], absent: [secret] },
      ],
      tasks: [
        {
          taskId: 'T1',
          stepId: 'contain',
          kind: 'manual',
          title: secret,
          lookAt: [],
          team: 'engineer',
          choices: ['done'],
          needsSignature: false,
          quorum: 1,
          openedAt: AT,
          closedAt: AT,
          outcome: secret,
          answers: [{ actId: 'a', subject: 'lea', choice: 'done', reason: secret, at: AT }],
        },
      ],
    });
    const contain = state.steps['contain'];
    if (contain !== undefined) contain.outcome = secret;

    const record = JSON.stringify(recordOf(state, { ...BASIS, older: [{ at: AT, who: secret, text: secret }] }));

    expect(record).toContain('[redacted]');
    expect(secretsIn(record)).toEqual([]);
  });

  it('loses nothing that is no secret, and taking secrets out twice changes nothing', () => {
    const record = anIncidentRecord();
    const pasted = { ...record, journal: [{ at: AT, who: 'lea', text: `${'x '.repeat(480)}password=hunter2hunter2 password=ab` }] };

    const once = withoutSecrets(pasted);

    expect(withoutSecrets(record)).toEqual(record);
    expect(withoutSecrets(once)).toEqual(once);
    expect(IncidentRecord.safeParse(once).success).toBe(true);
  });
});

describe('the record store', () => {
  it('lists what has a record, sorted, and nothing else in the folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tourniquet-test-'));
    const store = createFileRecordStore(folder);
    await store.putRecord('INC-2', { a: 1 });
    await store.putRecord('INC-1-F', { a: 1 });
    await store.appendJournal('INC-3', [{ at: AT, who: 'w', text: 'no record yet' }]);
    await mkdir(join(folder, 'odd name'));
    await writeFile(join(folder, 'README'), 'a file');

    expect(await store.list()).toEqual(['INC-1-F', 'INC-2']);
  });

  it('is empty where there is no folder yet', async () => {
    expect(await createFileRecordStore(join(tmpdir(), 'tourniquet-no-such-folder')).list()).toEqual([]);
  });
});
