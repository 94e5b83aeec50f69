import { exposedKey } from '../fixtures/lab/alerts.js';
import { FAULTS } from '../fixtures/jira-stub/faults.js';
import type { LabOptions } from '../fixtures/lab/lab.js';
import { setMode, untilProven } from '../fixtures/lab/people.js';
import { BOTH, type Scenario } from './scenario.js';
import {
  allTheWay,
  deleteTheUser,
  eradicateByHand,
  learnFromAFalsePositive,
  makeRoomForAKey,
  openTicketLater,
  sealWithoutAnItem,
} from './whole-playbook.js';

/** The shipped playbook; a proven containment is looked at seldom, so that recordings stay small. */
const WHOLE: Partial<LabOptions> = {
  playbookId: 'compromised-credentials',
  waits: { recheckLadder: [{ everySeconds: 30 }], sessionHoldSeconds: 5 },
};

/** Jira's answer to a token that has expired. */
const EXPIRED = FAULTS.filter(({ name }) => name === '401 without a body');

/** Branches of the steps after *contain*. */
export const WHOLE_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'whole-run': {
    shows:
      'the shipped playbook to its end: ticket, evidence, a timeline that takes the intruder’s user and role into scope, eradication, ' +
      'recovery on a new key, session hold, release, follow-up',
    keeps: BOTH,
    options: { ...WHOLE, attackerMakes: true },
    play: allTheWay,
  },
  'eradicated-by-hand': {
    shows: 'one person rejects what eradication proposes: it is done by hand',
    keeps: ['incidentResponse'],
    options: WHOLE,
    play: eradicateByHand,
  },
  'recovery-helped': {
    shows: 'a user with two keys gets a new one after a person made room; a refused revocation is retried',
    keeps: BOTH,
    options: WHOLE,
    play: makeRoomForAKey,
  },
  'evidence-skipped': {
    shows: 'an item of evidence that cannot be read is skipped by a person, and the seal says so',
    keeps: ['incidentResponse'],
    options: WHOLE,
    play: sealWithoutAnItem,
  },
  'ticket-refused': {
    shows: 'Jira refuses the token; a retry opens the issue and brings it up to date',
    keeps: ['incidentResponse'],
    options: WHOLE,
    ...EXPIRED.map((fault) => ({ jira: { fault, on: () => true } }))[0],
    play: openTicketLater,
  },
  'restored-followed-up': {
    shows: 'a false positive that was acted on is taken back, and its lessons get a follow-up',
    keeps: ['incidentResponse', 'followUp'],
    options: WHOLE,
    play: learnFromAFalsePositive,
  },
  'user-deleted': {
    shows: 'somebody deletes the contained user: the watch ends, nothing is held any more',
    keeps: BOTH,
    options: { waits: { recheckLadder: [{ everySeconds: 5 }] } },
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
      await deleteTheUser(lab);
      await lab.untilIncident('it is released', ({ scope }) => Object.values(scope).every(({ state }) => state === 'released'));
    },
  },
};
