import type { WriteInput } from '../../src/contracts/measure.js';
import type { MeasureCall, MeasureName } from '../../src/contracts/plan.js';
import { planHash } from '../../src/domain/planning/plan-principal.js';
import { aContainment, aWrite, type Containment } from '../fixtures/activities.js';
import { INCIDENT_ID } from '../fixtures/range.js';
import { done, nothingIsWritten, people, planned, type Row, sharedContainment } from './refusals.js';

const containment = sharedContainment();

/** Somebody else's containment of a principal with what only AWS should say about it made up. */
async function aboutUser(containment: Containment, change: { userName: string; arn?: string }): Promise<Partial<WriteInput>> {
  const { rig } = containment;
  const hints = { userName: change.userName };
  const other = await aContainment(rig, { hints });
  const principal = { ...other.principal, ...(change.arn === undefined ? {} : { arn: change.arn }), ownerSubjects: [] };
  const write = await aWrite({ ...other, principal, plan: { ...other.plan, principal, refusals: [] } }, 'denyUser');
  return { principal, call: write.call, approvedPlan: write.approvedPlan, authority: write.authority };
}

function callOf({ plan }: Containment, measure: MeasureName): MeasureCall {
  const call = plan.measures.find((row) => row.measure === measure);
  if (!call) throw new Error(`${measure} is not planned`);
  return call;
}

const madeUpPlans: Row[] = [
  {
    name: 'a plan under another hash',
    given: (c) => ({ approvedPlan: planned(c, { planSha256: 'b'.repeat(64) }) }),
    says: 'not the one its hash names',
  },
  {
    name: 'a plan that lost the call, under its own hash',
    given: (c) => ({
      approvedPlan: planned(c, {
        measures: c.plan.measures.slice(2),
        planSha256: planHash({ ...c.plan, measures: c.plan.measures.slice(2) }),
      }),
    }),
    says: 'the call is not part of the approved plan',
  },
  {
    name: 'a plan with 1 call more than was signed',
    given: (c) => {
      const measures = [
        ...c.plan.measures,
        { ...callOf(c, 'attachQuarantinePolicy'), target: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      ];
      return { approvedPlan: planned(c, { measures, planSha256: planHash({ ...c.plan, measures }) }) };
    },
    says: 'given for another plan',
  },
  {
    name: 'raw calls that say something else, under their own hash',
    given: (c) => {
      const deny = callOf(c, 'denyUser');
      const call = {
        ...deny,
        calls: [{ api: 'iam:PutUserPolicy', params: { UserName: 'dana', PolicyName: deny.target, PolicyDocument: '{}' } }],
      };
      const measures = c.plan.measures.map((row) => (row === deny ? call : row));
      return { call, approvedPlan: planned(c, { measures, planSha256: planHash({ ...c.plan, measures }) }) };
    },
    says: 'not one that Tourniquet plans',
  },
  {
    name: "the plan of ci-deploy for dana's account",
    given: (c) => ({ principal: { ...c.principal, name: 'dana' } }),
    says: 'the plan is for another principal',
  },
  {
    name: 'a plan that a rail refused',
    given: (c) => ({ approvedPlan: planned(c, { refusals: ['never-touch'] }) }),
    says: 'refused by a rail',
  },
  { name: 'no containment behind it', given: () => ({ containmentId: 'incident/1' }), says: 'no containment claims it' },
  {
    name: 'the record of another measure to put back',
    given: () => ({ reapply: done('putBoundary', 'arn:aws:iam::aws:policy/AWSDenyAll') }),
    says: 'of another measure',
  },
];

const rails: Row[] = [
  { name: 'the break-glass user', given: (c) => aboutUser(c, { userName: 'break-glass' }), says: 'never-touch list' },
  {
    name: 'the break-glass user under a made-up ARN',
    given: (c) => aboutUser(c, { userName: 'break-glass', arn: 'arn:aws:iam::111122223333:user/somebody' }),
    says: 'never-touch list',
  },
  { name: 'our own user', given: (c) => aboutUser(c, { userName: 'tourniquet-responder' }), says: 'would lock us out' },
  {
    name: 'an account that is not on the allow-list',
    arrange: ({ rig }) => rig.editPolicy('rails.yaml', (text) => text.replace(/^accounts: .*$/m, "accounts: ['999900001111']")),
    given: (c) => people(c, ['lea']),
    says: 'not on the allow-list',
  },
  {
    name: 'a user of an account we do not act in',
    arrange: ({ rig }) => rig.editPolicy('rails.yaml', (text) => text.replace(/^accounts: .*$/m, "accounts: ['999900001111']")),
    given: async (c) => {
      const principal = { ...c.principal, account: '999900001111' };
      return { principal, approvedPlan: planned(c, { principal }), call: callOf(c, 'denyUser') };
    },
    says: 'we act in account 111122223333',
  },
  {
    name: 'dryRun',
    arrange: ({ rig }) => rig.editPolicy('rails.yaml', (text) => text.replace('dryRun: false', 'dryRun: true')),
    given: (c) => people(c, ['lea']),
    says: 'nothing is written',
  },
];

const stops: Row[] = [
  {
    name: 'a stopped guard',
    arrange: ({ rig }) => (rig.guard.stopped = true),
    given: (c) => people(c, ['lea', 'mara']),
    type: 'GuardStopped',
    says: 'the guard is stopped: drill',
  },
  {
    name: 'a stopped guard and a write to put back',
    arrange: ({ rig }) => (rig.guard.stopped = true),
    given: async (c) => ({ ...(await people(c, ['lea'])), reapply: done('denyUser', `IRQuarantine-${INCIDENT_ID}`) }),
    type: 'GuardStopped',
    says: 'the guard is stopped: drill',
  },
];

nothingIsWritten('a made-up plan', { rows: madeUpPlans, containment });
nothingIsWritten('a rail', { rows: rails, containment });
nothingIsWritten('the guard', { rows: stops, containment });
