import type { IncidentState } from '../../../src/contracts/incident.js';
import type { PlaybookStep } from '../../../src/contracts/playbook.js';
import { adoptPlaybook, newIncident } from '../../../src/domain/engine/state.js';
import { aPrincipal, SHA } from '../../fixtures/builders.js';

const OPENED = '2026-11-22T10:00:00.000Z';

export const at = (minutes: number): number => Date.parse(OPENED) + minutes * 60_000;

const aStep = ({
  id,
  owner,
  minutes,
  needs,
  run,
}: {
  id: string;
  owner: string;
  minutes: number;
  needs: string[];
  run?: PlaybookStep['run'];
}): PlaybookStep => ({
  id,
  title: `Do ${id}`,
  phase: id === 'validate' ? 'triage' : 'responding',
  owner,
  clock: { from: 'detected', minutes },
  needs,
  guide: [],
  ...(run === undefined ? {} : { run }),
});

/** validate (30 min) → contain (60) → timeline (240); HIGH, ladder a at 0, b at 15 min. */
export function aState(change: Partial<IncidentState> = {}): IncidentState {
  const state = newIncident(
    { incidentId: 'INC-20261122-ABCDEFGH', playbookId: 'p', openedAt: OPENED, clockStartAt: OPENED },
    'incident/111122223333/user/ci-deploy',
  );
  const steps = [
    aStep({ id: 'validate', owner: 'engineer', minutes: 30, needs: [], run: 'validateFinding' }),
    aStep({ id: 'contain', owner: 'engineer', minutes: 60, needs: ['validate'], run: 'containPrincipals' }),
    aStep({ id: 'timeline', owner: 'analyst', minutes: 240, needs: ['contain'] }),
  ];
  adoptPlaybook(state, {
    id: 'p',
    version: '1',
    sha256: SHA,
    body: {
      id: 'p',
      version: '1',
      title: 'P',
      source: 's',
      severity: 'HIGH',
      categories: ['c'],
      nistCsf: ['Detect'],
      reference: 'PLAYBOOK-X',
      steps,
    },
    waits: {
      id: 'w',
      version: '1',
      quietWindowSeconds: 900,
      settleSeconds: 1,
      deliveryDelaySeconds: 1,
      watchRounds: [{ untilSeconds: 1, everySeconds: 1 }],
      recheckLadder: [{ everySeconds: 1 }],
      sessionHoldSeconds: 1,
      suspectedAnswerMinutes: 30,
      noAnswerRule: { id: 'r', version: '1', rule: 'wait' },
      consentValidMinutes: 60,
    },
    teamContacts: { engineer: ['engineer@example.com'] },
    teamTitles: { engineer: 'Security Engineer', analyst: 'Security Analyst', lead: 'Lead' },
    ladder: {
      rungs: [
        { team: 'engineer', afterMinutes: 0, ackHoldsMinutes: 30 },
        { team: 'lead', afterMinutes: 15, ackHoldsMinutes: 60 },
      ],
      lastRungBySeverity: { CRITICAL: 'lead', HIGH: 'lead', MEDIUM: 'engineer', LOW: 'engineer' },
    },
  });
  const validate = state.steps['validate'];
  if (validate !== undefined) validate.status = 'running';
  return Object.assign(state, { severity: 'HIGH', principals: [aPrincipal()], ...change });
}
