import { describe, expect, it } from 'vitest';
import type { ContainmentState } from '../../../src/contracts/containment.js';
import type { MeasureResult } from '../../../src/contracts/measure.js';
import { newContainmentState } from '../../../src/domain/engine/containment-view.js';
import { CLOSED_TRUST_DOCUMENT } from '../../../src/domain/planning/documents.js';
import { accountsFor, artefactsOf, type Entity, missingOf } from '../../../src/domain/reconcile/artefacts.js';
import { undoCommands } from '../../../src/domain/reconcile/undo-command.js';
import { aPrincipal } from '../../fixtures/builders.js';

const BOUNDARY = 'arn:aws:iam::aws:policy/AWSDenyAll';
const POLICY = 'arn:aws:iam::111122223333:policy/ir/IRQuarantine';
const DENY = 'IRQuarantine-INC-20260301-7K2M9QXD';
const REVOKE = 'IRRevokeSessions-INC-20260301-7K2M9QXD';

function anEntity(change: Partial<Entity> = {}): Entity {
  const { account, arn, uniqueId, name } = aPrincipal();
  return { kind: 'user', account, arn, uniqueId, name, inlinePolicies: [], attachedPolicyArns: [], ...change };
}

function aContainment(change: Partial<ContainmentState> = {}, inForce: string[] = []): ContainmentState {
  const made = newContainmentState({
    containmentId: 'containment/111122223333/user/ci-deploy',
    principal: aPrincipal(),
    incidentId: 'INC-20260301-7K2M9QXD',
    ownerWorkflowId: 'incident/111122223333/user/ci-deploy',
    alerts: [],
  });
  return { ...made, view: { ...made.view, state: 'proven', inForce }, results: [], ...change };
}

function aResult(measure: MeasureResult['measure'], target: string, before: MeasureResult['before'] = null): MeasureResult {
  return { measure, target, changed: true, before, after: 'ours', at: '2026-03-01T12:00:00.000Z', requestIds: [] };
}

/** A plan that failed: what was written before is in the results. */
const withResults = (...results: MeasureResult[]): ContainmentState =>
  aContainment({
    results,
    plan: {
      principal: aPrincipal(),
      tier: 'A0',
      tierReasons: [],
      quorum: 0,
      measures: [],
      recovery: [],
      guarded: false,
      guidance: [],
      doesNotStop: [],
      blastRadius: { legitimateUseLast24h: false, callers: [], activeKeys: 0, notRead: [] },
      before: [],
      refusals: [],
      snapshotRef: { store: 'file', path: 'none', sha256: 'a'.repeat(64), bytes: 0 },
      plannedAt: '2026-03-01T12:00:00.000Z',
      planSha256: 'a'.repeat(64),
    },
  });

const keys = (entity: Entity): string[] => artefactsOf(entity).map(({ measure, target }) => `${measure} ${target}`);
const only = (entity: Entity): ReturnType<typeof artefactsOf>[number] => {
  const [artefact, ...others] = artefactsOf(entity);
  if (artefact === undefined || others.length > 0) throw new Error('expected one artefact');
  return artefact;
};

describe('what looks like ours', () => {
  it('is known by name, ARN and document on users and roles; what others have put there is not', () => {
    const user = anEntity({
      inlinePolicies: [DENY, REVOKE, 'IRQuarantine', 'app'],
      attachedPolicyArns: [POLICY, 'arn:aws:iam::999988887777:policy/ir/IRQuarantine'],
      boundaryArn: BOUNDARY,
    });
    const role = anEntity({
      kind: 'role',
      inlinePolicies: [DENY],
      trustPolicy: JSON.stringify(JSON.parse(CLOSED_TRUST_DOCUMENT), null, 2),
    });
    const strange = anEntity({ kind: 'role', boundaryArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', trustPolicy: 'no JSON' });

    expect(keys(user)).toEqual([
      `denyUser ${DENY}`,
      `revokeSessions ${REVOKE}`,
      `attachQuarantinePolicy ${POLICY}`,
      `putBoundary ${BOUNDARY}`,
    ]);
    expect(keys(role)).toEqual([`denyRole ${DENY}`, 'closeTrust ci-deploy']);
    expect(keys(strange)).toEqual([]);
  });
});

describe('an open containment', () => {
  it('accounts for what it has written or plans, on the principal with its unique id only; before its plan for everything there', () => {
    const artefact = only(anEntity({ inlinePolicies: [DENY] }));
    const sameName = only(anEntity({ inlinePolicies: [DENY], uniqueId: 'AIDAANOTHER' }));
    const older = only(anEntity({ inlinePolicies: ['IRQuarantine-INC-20250101-00000000'] }));
    const writing = withResults(aResult('denyUser', DENY));

    expect([artefact, sameName, older].map((one) => accountsFor(writing, one))).toEqual([true, false, false]);
    expect([artefact, older].map((one) => accountsFor(aContainment(), one))).toEqual([true, true]);
  });

  it('that claims to be proven misses what is not there, also of a principal that is gone; keys do not show and are not missed', () => {
    const inForce = [`denyUser ${DENY}`, `putBoundary ${BOUNDARY}`, 'deactivateAccessKey AKIAEXAMPLEKEY000001'];
    const half = anEntity({ inlinePolicies: [DENY] });
    const applying = aContainment({}, inForce);
    const proven = aContainment({}, inForce);

    expect(missingOf(proven, [half])).toEqual([{ measure: 'putBoundary', target: BOUNDARY }]);
    expect(missingOf(proven, [])).toHaveLength(2);
    expect(missingOf({ ...applying, view: { ...applying.view, state: 'applying' } }, [])).toEqual([]);
  });
});

describe('the undo command', () => {
  it('puts back the boundary and the trust policy that the last containment met', () => {
    const trust = '{"Statement":[{"Effect":"Allow"}]}';
    const boundary = only(anEntity({ boundaryArn: BOUNDARY }));
    const closed = only(anEntity({ kind: 'role', trustPolicy: CLOSED_TRUST_DOCUMENT }));

    expect(undoCommands(boundary, withResults(aResult('putBoundary', BOUNDARY, 'arn:aws:iam::aws:policy/ReadOnlyAccess')))).toEqual([
      'aws iam put-user-permissions-boundary --user-name ci-deploy --permissions-boundary arn:aws:iam::aws:policy/ReadOnlyAccess',
    ]);
    expect(undoCommands(boundary, withResults(aResult('putBoundary', BOUNDARY)))).toEqual([
      'aws iam delete-user-permissions-boundary --user-name ci-deploy',
    ]);
    expect(undoCommands(closed, withResults(aResult('closeTrust', 'ci-deploy#0f', trust)))).toEqual([
      `aws iam update-assume-role-policy --role-name ci-deploy --policy-document '${trust}'`,
    ]);
  });

  it('takes inline and attached policies off, of users and of roles', () => {
    expect(undoCommands(only(anEntity({ attachedPolicyArns: [POLICY] })), undefined)).toEqual([
      `aws iam detach-user-policy --user-name ci-deploy --policy-arn ${POLICY}`,
    ]);
    expect(undoCommands(only(anEntity({ kind: 'role', inlinePolicies: [REVOKE] })), undefined)).toEqual([
      `aws iam delete-role-policy --role-name ci-deploy --policy-name ${REVOKE}`,
    ]);
  });
});
