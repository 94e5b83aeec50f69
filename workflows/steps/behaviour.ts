import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { StepEnd } from '../../src/domain/engine/outcomes.js';
import type { Incident } from '../runtime/incident.js';

/**
 * What an automated step does. It can be entered again from the recorded state at any time, so it never
 * relies on what it kept in variables before a wait.
 *
 * @returns how it ended; undefined when somebody else ended the step meanwhile (a skip by consent).
 */
export type Behaviour = (incident: Incident, step: PlaybookStep) => Promise<StepEnd | undefined>;
