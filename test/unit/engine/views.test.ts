import { expect, test } from 'vitest';
import type { ContainmentNeed } from '../../../src/contracts/containment.js';
import { openTasks } from '../../../src/domain/engine/tasks.js';
import { allContained, takeView } from '../../../src/domain/engine/views.js';
import { aView, SHA } from '../../fixtures/builders.js';
import { at, aState } from './state-fixture.js';

const need = (planSha256: string): ContainmentNeed => ({
  needId: 'n1',
  kind: 'consent',
  title: 'Consent',
  lookAt: [],
  choices: ['approve', 'reject'],
  consent: { action: 'contain', tier: 'A1', quorum: 1, planSha256, expiresAt: '2026-11-22T11:00:00.000Z' },
});

test('a view of a lower revision is ignored', () => {
  const state = aState();
  takeView(state, aView({ revision: 5, state: 'applied' }), at(1));

  expect(takeView(state, aView({ revision: 4, state: 'planned' }), at(2))).toBe(false);
  expect(Object.values(state.scope)[0]?.state).toBe('applied');
});

test('a need opens one task, a changed plan replaces it, and it closes when the need is gone', () => {
  const state = aState();
  takeView(state, aView({ revision: 1, needs: [need(SHA)] }), at(1));
  takeView(state, aView({ revision: 2, needs: [need(SHA)] }), at(2));
  const first = openTasks(state).map(({ taskId }) => taskId);
  takeView(state, aView({ revision: 3, needs: [need('b'.repeat(64))] }), at(3));
  const second = openTasks(state).map(({ taskId }) => taskId);
  takeView(state, aView({ revision: 4, needs: [] }), at(4));

  expect([first, second, openTasks(state)]).toEqual([['T1'], ['T2'], []]);
});

test('proven with a failed measure is not contained', () => {
  const state = aState();
  const proven = { state: 'proven', provenAt: '2026-11-22T10:20:00.000Z' } as const;
  takeView(state, aView({ revision: 1, ...proven, failedMeasures: [{ measure: 'denyUser', target: 'x', reason: 'AccessDenied' }] }), at(1));
  const failed = allContained(state);
  takeView(state, aView({ revision: 2, ...proven }), at(2));

  expect([failed, allContained(state)]).toEqual([false, true]);
});
