import { expect, test } from 'vitest';
import { mergeMessages } from '../../../src/domain/engine/notices.js';
import { passRungs } from '../../../src/domain/engine/rungs.js';
import { pendingTimers } from '../../../src/domain/engine/timers.js';
import { clockValue } from '../../../src/domain/engine/attributes.js';
import { at, aState } from './state-fixture.js';

test('rungs that are past at opening fold into one message per team', () => {
  const state = aState({ clockStartAt: '2026-11-22T10:00:00.000Z' });
  const { messages, breaches } = passRungs(state, at(29));

  expect(mergeMessages(messages).map(({ team, kind }) => [team, kind])).toEqual([['engineer', 'warning']]);
  expect(breaches).toEqual([]);
  expect(clockValue(state)).toBe('2-due-soon');
});

test('a breach of a waiting step is an event of its own, told to the blocker, and its owner is told once', () => {
  const state = aState();
  passRungs(state, at(23));
  const first = passRungs(state, at(60));
  const second = passRungs(state, at(240));

  expect(first.breaches.map(({ stepId, team }) => [stepId, team])).toEqual([
    ['validate', 'engineer'],
    ['contain', 'engineer'],
  ]);
  expect(first.breaches.find(({ stepId }) => stepId === 'contain')?.message).toBeUndefined();
  expect([...first.messages, ...second.messages].filter(({ team }) => team === 'analyst')).toHaveLength(1);
  expect(second.journal.join()).toContain('timeline: breached');
  expect(second.journal.join()).toContain('waits for validate (Security Engineer)');
});

test('two clocks of one team within 5 minutes are one message, and the breach keeps its own moment', () => {
  const state = aState();
  const contain = state.clocks.find(({ stepId }) => stepId === 'contain');
  const step = state.steps['contain'];
  if (contain === undefined || step === undefined) throw new Error('no contain');
  contain.minutes = 33;
  contain.rungsDone = 2;
  step.status = 'running';
  const { breaches } = passRungs(state, at(30));
  const later = passRungs(state, at(33));

  expect(breaches[0]?.message?.lines.join()).toContain('Do contain: due at 10:33 UTC');
  expect(later.breaches).toMatchObject([{ stepId: 'contain', at: '2026-11-22T10:33:00.000Z' }]);
  expect(later.breaches[0]?.message).toBeUndefined();
});

test('a timer says what happens when and for whom', () => {
  const state = aState();
  passRungs(state, at(23));

  expect(pendingTimers(state, at(23)).map(({ summary }) => summary)).toContain('validate · breach at 10:30 UTC · Security Engineer');
});
