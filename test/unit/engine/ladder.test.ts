import { expect, test } from 'vitest';
import { acknowledge, ladderDueMs, moved, stepLadder } from '../../../src/domain/engine/ladder.js';
import { openTask } from '../../../src/domain/engine/tasks.js';
import type { IncidentState } from '../../../src/contracts/incident.js';
import { at, aState } from './state-fixture.js';

function waiting(): IncidentState {
  const state = aState();
  openTask(
    state,
    {
      stepId: 'validate',
      kind: 'decision',
      title: 'decide',
      lookAt: [],
      team: 'engineer',
      choices: ['confirm'],
      needsSignature: false,
      quorum: 1,
    },
    at(0),
  );
  return state;
}

test('pages at 0 and 15 minutes after receipt and stops at the last rung of HIGH', () => {
  const state = waiting();
  const paged = [0, 14, 15, 600].map((minutes) => stepLadder(state, at(minutes)));

  expect(paged).toEqual([{ do: 'page', team: 'engineer', rung: 0 }, undefined, { do: 'page', team: 'lead', rung: 1 }, undefined]);
});

test('without a verdict or a task the first page waits 60 seconds', () => {
  expect(ladderDueMs(aState())).toBe(at(1));
});

test('an acknowledgement holds 30 minutes, longer when something moved, and re-arms when nothing did', () => {
  const state = waiting();
  stepLadder(state, at(0));
  acknowledge(state, 'alex', at(5));
  moved(state, at(20));
  const held = stepLadder(state, at(35));
  const until = state.ladder.ackHoldsUntilAt;
  state.ladder.lastMoveAt = '2026-11-22T10:20:00.000Z';
  const rearmed = stepLadder(state, at(65));

  expect(held).toEqual({ do: 'hold' });
  expect(Date.parse(until ?? '')).toBe(at(65));
  expect(rearmed).toEqual({ do: 'rearm' });
  expect(stepLadder(state, at(65))).toEqual({ do: 'page', team: 'engineer', rung: 0 });
});
