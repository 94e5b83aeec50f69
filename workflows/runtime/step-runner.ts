import { isCancellation } from '@temporalio/workflow';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import { hasEnded, playbookSteps, readySteps } from '../../src/domain/engine/dag.js';
import { beginStep, endStep } from '../../src/domain/engine/outcomes.js';
import { behaviourOf } from '../steps/index.js';
import type { Incident } from './incident.js';

/** Starts every step whose needs have ended, and re-enters those a previous run or a withdrawn proof left running. */
export function startSteps(incident: Incident): void {
  const { state, run } = incident;
  for (const step of readySteps(state)) beginStep(state, step.id, Date.now());
  for (const step of playbookSteps(state)) {
    const status = state.steps[step.id]?.status;
    if ((status === 'running' || status === 'blocked') && !run.running.has(step.id)) void work(incident, step);
  }
}

/** Runs a behaviour from its recorded state to its end. A step never fails the incident: behaviours turn failures into tasks. */
async function work(incident: Incident, step: PlaybookStep): Promise<void> {
  const { state, run } = incident;
  run.running.add(step.id);
  try {
    const end = await behaviourOf(step)(incident, step);
    if (end !== undefined && !hasEnded(state.steps[step.id])) endStep(state, step, { ...end, nowMs: Date.now() });
  } catch (error) {
    if (!isCancellation(error)) throw error; // a bug: the workflow task fails and a fixed worker resumes
    return;
  }
  run.running.delete(step.id);
  incident.changed();
}
