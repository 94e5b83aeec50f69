import { planHash } from '../../src/domain/planning/plan-principal.js';
import type { WriteInput } from '../../src/contracts/measure.js';
import { measureCallFor } from '../../src/domain/planning/measure-calls.js';
import { aSignedAlert, type Containment, consentsOf } from '../fixtures/activities.js';
import { signedBy } from '../fixtures/authority.js';
import { CI_DEPLOY, INCIDENT_ID } from '../fixtures/range.js';
import { byAlert, byRule, nothingIsWritten, type Row, sharedContainment, tag } from './refusals.js';

const containment = sharedContainment();

/** A plan, under its own hash, that also deletes the console password, and that call of it. */
function withPasswordDeleted({ plan, principal }: Containment): Partial<WriteInput> {
  const call = measureCallFor({ measure: 'deleteLoginProfile', target: '' }, { principal, incidentId: INCIDENT_ID });
  const measures = [...plan.measures, call];
  return { call, approvedPlan: { ...plan, measures, planSha256: planHash({ ...plan, measures }) } };
}

const alerts: Row[] = [
  {
    name: 'a receipt that covers other facts',
    given: async (c) => ({ authority: { by: 'alert', alert: { ...c.alert, severity: 'LOW' } } }),
    says: 'the receipt of alert guardduty does not hold',
  },
  {
    name: 'a receipt made with the key of lea',
    given: async ({ alert: { receipt: _, ...body }, rig }) => {
      const receipt = await signedBy(rig.keyDir, 'lea', { typ: 'tourniquet-receipt', body });
      return { authority: { by: 'alert', alert: { ...body, receipt } } };
    },
    says: 'does not hold',
  },
  {
    name: 'a receipt of the type of a consent',
    given: async ({ alert: { receipt: _, ...body }, rig }) => {
      const receipt = await signedBy(rig.keyDir, 'ingest', { typ: 'tourniquet-consent', body });
      return { authority: { by: 'alert', alert: { ...body, receipt } } };
    },
    says: 'does not hold',
  },
  {
    name: '1 forged receipt among the alerts of a signed plan',
    given: async (c) => ({
      authority: { by: 'people', consents: await consentsOf(c, ['lea']), alerts: [c.alert, { ...c.alert, alertId: 'other' }] },
    }),
    says: 'does not hold',
  },
  {
    name: 'a finding about the key of dana',
    given: (c) => byAlert(c, { hints: { accessKeyId: c.rig.range.identities.innocent.accessKeyId, userName: CI_DEPLOY } }),
    says: 'not about this principal',
  },
  { name: 'a finding of another account', given: (c) => byAlert(c, { account: '999900001111' }), says: 'of another account' },
  { name: 'a sample', given: (c) => byAlert(c, { sample: true }), says: 'opens no incident' },
  { name: 'a finding to be ignored', given: (c) => byAlert(c, { disposition: 'ignore' }), says: 'opens no incident' },
  {
    name: 'a public key, for a measure that does not undo exactly',
    given: async (c) => ({ ...(await byAlert(c)), ...withPasswordDeleted(c) }),
    says: 'exactly reversible',
  },
  { name: 'a medium finding: tier A1', given: (c) => byAlert(c, { publicExposure: false }), says: 'tier A1 wants 1 signature' },
  {
    name: 'an alert in mode observe',
    arrange: ({ rig }) => (rig.guard.mode = 'observe'),
    given: byAlert,
    says: "mode observe wants a person's",
  },
  {
    name: 'an alert in mode approve',
    arrange: ({ rig }) => (rig.guard.mode = 'approve'),
    given: byAlert,
    says: "mode approve wants a person's",
  },
  {
    name: 'an alert when the guard cannot be reached',
    arrange: ({ rig }) => (rig.guard.reachable = false),
    given: byAlert,
    says: "wants a person's",
  },
  {
    name: 'an alert on a user who was tagged critical in between',
    arrange: (c) => tag(c, 'ir:criticality', 'critical'),
    given: byAlert,
    says: 'tier A2 wants 2 signature(s)',
  },
];

const rules: Row[] = [
  { name: 'a rule that rails.yaml does not know', given: (c) => byRule(c, { ruleId: 'silence' }), says: 'knows no no-answer rule silence' },
  { name: 'version 2 of a rule', given: (c) => byRule(c, { version: '2' }), says: 'suspected-no-answer version 2' },
  { name: 'an alert of 5 s, before the 12 s of the rule', given: (c) => byRule(c, { ageMs: 5000 }), says: 'people still have time' },
  {
    name: 'the rule in mode approve',
    arrange: ({ rig }) => (rig.guard.mode = 'approve'),
    given: (c) => byRule(c, {}),
    says: 'mode approve',
  },
  {
    name: 'the rule in mode observe',
    arrange: ({ rig }) => (rig.guard.mode = 'observe'),
    given: (c) => byRule(c, {}),
    says: 'mode observe',
  },
  {
    name: 'the rule for a finding about another user',
    given: async ({ rig }) => ({
      authority: {
        by: 'rule',
        ruleId: 'suspected-no-answer',
        version: '1',
        alert: await aSignedAlert(rig, { hints: { userName: 'dana' } }),
      },
    }),
    says: 'not about this principal',
  },
  {
    name: 'the rule for a measure that does not undo exactly',
    given: async (c) => ({ ...(await byRule(c, {})), ...withPasswordDeleted(c) }),
    says: 'exactly reversible',
  },
];

nothingIsWritten('an alert', { rows: alerts, containment });
nothingIsWritten('the no-answer rule', { rows: rules, containment });
