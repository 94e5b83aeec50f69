import { expect, test } from 'vitest';
import { refusalOf, rememberAct } from '../../../src/domain/engine/acts.js';
import { alertKey, takeAlert } from '../../../src/domain/engine/alert-ledger.js';
import { fallbackLock } from '../../../src/domain/engine/fallback-lock.js';
import { note } from '../../../src/domain/engine/journal.js';
import { summaryLine } from '../../../src/domain/engine/summary.js';
import { openTask } from '../../../src/domain/engine/tasks.js';
import { anAlert, aResolution } from '../../fixtures/builders.js';
import { at, aState } from './state-fixture.js';

test('a person linked to the principal may complete work but never skip, pause, consent or ask for an undo', () => {
  const state = aState();
  openTask(
    state,
    {
      stepId: 'timeline',
      kind: 'manual',
      title: 't',
      lookAt: [],
      team: 'analyst',
      choices: ['done', 'skip'],
      needsSignature: false,
      quorum: 1,
    },
    at(0),
  );
  const decide = (choice: string): string | undefined =>
    refusalOf(state, { act: 'decide', actId: '1', subject: 'omar', taskId: 'T1', choice, reason: 'because' }, at(1));

  expect(decide('done')).toBeUndefined();
  expect(decide('skip')).toContain('linked');
  expect(
    refusalOf(
      state,
      { act: 'pause', actId: '2', subject: 'omar', clockId: 'validate', reason: 'because', untilAt: '2026-11-22T11:00:00.000Z' },
      at(1),
    ),
  ).toContain('linked');
  expect(
    refusalOf(state, { act: 'request', actId: '3', subject: 'omar', what: 'restore', target: '', reason: 'because' }, at(1)),
  ).toContain('linked');
  expect(
    refusalOf(state, { act: 'request', actId: '4', subject: 'omar', what: 'wasMe', target: '', reason: 'because' }, at(1)),
  ).toBeUndefined();
  expect(refusalOf(state, { act: 'request', actId: '5', subject: 'alex', what: 'wasMe', target: '', reason: 'because' }, at(1))).toContain(
    'not linked',
  );
});

test('the answers of the last 200 acts are kept', () => {
  const state = aState();
  for (let n = 0; n < 205; n += 1) rememberAct(state, { actId: `${n}`, accepted: true, message: '' });

  expect([state.acts.length, state.acts[0]?.actId]).toEqual([200, '5']);
});

test('keeps at most 5 alerts, the public exposure first, and one of each source; a repeat is not new', () => {
  const state = aState();
  for (let n = 0; n < 8; n += 1) takeAlert(state, anAlert({ alertId: `g${n}`, facts: { ...anAlert().facts, score: n } }));
  takeAlert(state, anAlert({ source: 'health', alertId: 'h', facts: { ...anAlert().facts, publicExposure: true, score: 0 } }));

  expect(takeAlert(state, anAlert({ alertId: 'g0', facts: { ...anAlert().facts, score: 0 } }))).toBe(false);
  expect(state.alerts.total).toBe(9);
  expect(state.alerts.kept.map(alertKey).map((key) => key.split('|')[1])).toEqual(['h', 'g7', 'g6', 'g5', 'g4']);
});

test('the journal holds 200 lines and counts the older ones', () => {
  const state = aState();
  for (let n = 0; n < 230; n += 1) note(state, { nowMs: at(n), who: 'x', text: `${n}` });

  expect([state.journal.length, state.journalArchived]).toEqual([200, 30]);
});

test('a lock and a summary from what is known', () => {
  expect(fallbackLock(anAlert())).toBe('incident/111122223333/key/AKIAEXAMPLEKEY000001');
  expect(fallbackLock(anAlert({ hints: {} }))).toBe('incident/alert/guardduty/aaaaaaaaaaaaaaaa');
  expect(summaryLine('HIGH', anAlert({ facts: { ...anAlert().facts, publicExposure: true } }), aResolution())).toBe(
    'HIGH · IAM user ci-deploy · leaked access key · 111122223333',
  );
});
