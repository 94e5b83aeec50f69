import type { PlaybookStep, StepBehaviour } from '../../src/contracts/playbook.js';
import type { Behaviour } from './behaviour.js';
import { buildTimeline } from './build-timeline.js';
import { containPrincipals } from './contain-principals.js';
import { createTicket } from './create-ticket.js';
import { eradicateAccess } from './eradicate-access.js';
import { manualStep } from './manual-step.js';
import { notifyStakeholders } from './notify-stakeholders.js';
import { preserveEvidence } from './preserve-evidence.js';
import { recoverService } from './recover-service.js';
import { validateFinding } from './validate-finding.js';

/** Behaviours by the name a playbook row gives in `run:`. To add one: a file here, a line here, a row in the playbook. */
export const BEHAVIOURS: Readonly<Record<StepBehaviour, Behaviour>> = {
  validateFinding,
  containPrincipals,
  createTicket,
  notifyStakeholders,
  preserveEvidence,
  buildTimeline,
  eradicateAccess,
  recoverService,
};

/** The behaviour of a row; without one it is a manual task of its owner. */
export function behaviourOf(step: PlaybookStep): Behaviour {
  return step.run === undefined ? manualStep : BEHAVIOURS[step.run];
}
