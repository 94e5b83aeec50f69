import type { PlaybookStep, StepBehaviour } from '../../src/contracts/playbook.js';
import type { Behaviour } from './behaviour.js';
import { containPrincipals } from './contain-principals.js';
import { manualStep } from './manual-step.js';
import { notifyStakeholders } from './notify-stakeholders.js';
import { validateFinding } from './validate-finding.js';

/** Behaviours by the name a playbook row gives in `run:`. To add one: a file here, a line here, a row in the playbook. */
export const BEHAVIOURS: Readonly<Record<StepBehaviour, Behaviour>> = { validateFinding, containPrincipals, notifyStakeholders };

/** The behaviour of a row; without one it is a manual task of its owner. */
export function behaviourOf(step: PlaybookStep): Behaviour {
  return step.run === undefined ? manualStep : BEHAVIOURS[step.run];
}
