import { expect, test } from 'vitest';
import { askConsent, type ConsentRequest } from '../../../src/domain/engine/consents.js';
import { at, aState } from './state-fixture.js';

const request: ConsentRequest = {
  action: 'eradicate',
  stepId: 'contain',
  team: 'engineer',
  title: 'Remove 2 things?',
  lookAt: ['a', 'b'],
  planSha256: 'a'.repeat(64),
};

test('the same plan is asked about once; a changed plan closes the question and asks anew', () => {
  const state = aState();

  const first = askConsent(state, request, at(0));
  const again = askConsent(state, request, at(1));
  const changed = askConsent(state, { ...request, lookAt: ['b'], planSha256: 'b'.repeat(64) }, at(2));

  expect(again).toBe(first);
  expect(first).toMatchObject({ outcome: 'the plan has changed', answers: [] });
  expect(changed).toMatchObject({ taskId: 'T2', lookAt: ['b'], consent: { planSha256: 'b'.repeat(64) } });
});
