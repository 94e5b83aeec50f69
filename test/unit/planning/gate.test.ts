import { describe, expect, it } from 'vitest';
import type { GateInput, GuardAnswer } from '../../../src/contracts/guard.js';
import { gateFor } from '../../../src/domain/planning/gate.js';

const rails = { guardTroubleQuorum: 2 };
const input: GateInput = {
  containmentId: 'containment/x',
  incidentId: 'INC-1',
  account: '111122223333',
  tier: 'A1',
  quorum: 1,
  consents: 0,
  byPeople: false,
  byRule: false,
};
const answer: GuardAnswer = { mode: 'auto', stopped: false, limitReached: false, reserved: false, detail: '' };

describe('the gate before the first write', () => {
  it.each([
    ['auto, tier wants nobody', { quorum: 0 }, {}, 'go', 0],
    ['auto, tier wants 1 of 0', {}, {}, 'consent', 1],
    ['auto, tier wants 1 of 1', { consents: 1, byPeople: true }, {}, 'go', 1],
    ['auto, the no-answer rule', { byRule: true, quorum: 2 }, {}, 'go', 2],
    ['approve, tier wants nobody', { quorum: 0 }, { mode: 'approve' }, 'consent', 1],
    ['approve, the no-answer rule', { byRule: true }, { mode: 'approve' }, 'consent', 1],
    ['approve, 1 consent', { quorum: 0, consents: 1, byPeople: true }, { mode: 'approve' }, 'go', 1],
    ['observe, tier wants nobody', { quorum: 0 }, { mode: 'observe' }, 'byHand', 1],
    ['observe, the no-answer rule', { byRule: true }, { mode: 'observe' }, 'byHand', 1],
    ['observe, act now with 1 consent', { quorum: 0, consents: 1, byPeople: true }, { mode: 'observe' }, 'go', 1],
    ['stopped, whatever else', { quorum: 0, consents: 5, byPeople: true }, { stopped: true }, 'hold', 0],
    ['limit reached', { quorum: 0 }, { limitReached: true }, 'consent', 2],
    ['limit reached, 2 consents', { quorum: 0, consents: 2, byPeople: true }, { limitReached: true }, 'go', 2],
  ] as const)('%s', (...[, change, guard, decision, quorum]) => {
    expect(gateFor({ ...input, ...change }, { answer: { ...answer, ...guard }, rails })).toMatchObject({ decision, quorum });
  });

  it('asks for 2 people when the guard cannot be reached', () => {
    expect(gateFor({ ...input, quorum: 0 }, { answer: undefined, rails })).toMatchObject({ decision: 'consent', quorum: 2 });
    expect(gateFor({ ...input, consents: 2, byPeople: true }, { answer: undefined, rails })).toMatchObject({ decision: 'go' });
  });
});
