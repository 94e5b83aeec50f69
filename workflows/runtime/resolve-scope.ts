import { condition } from '@temporalio/workflow';
import type { Alert } from '../../src/contracts/alert.js';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { Resolution } from '../../src/contracts/principal.js';
import type { IncidentState } from '../../src/contracts/incident.js';
import { strongestAlert } from '../../src/domain/engine/alert-ledger.js';
import { hasEnded } from '../../src/domain/engine/dag.js';
import { resolve } from './activities.js';
import type { Incident } from './incident.js';
import { askForHelp, endBy, type Helped, withHelp } from './people.js';

/** An alert normally comes with the start; without one after this long, people are asked. */
const FIRST_ALERT_MS = 60_000;

/**
 * Makes sure that a principal in AWS is known. The intake has resolved it; where it could not, this step is blocked with the reason,
 * pages, and `retry` asks AWS again.
 */
export async function resolveScope(incident: Incident, step: PlaybookStep): Promise<Helped<true>> {
  const { state } = incident;
  if (state.alerts.total === 0) await condition(() => state.alerts.total > 0, FIRST_ALERT_MS, { summary: 'waits for the alert' });
  while (state.principals.length === 0) {
    const answer = await askForHelp(incident, step, {
      what: 'resolve the principal',
      missing: whyUnresolved(state),
      choices: ['retry', 'done', 'skip'],
    });
    if (state.principals.length > 0) break;
    if (answer?.choice !== 'retry') return { how: 'ended', end: endBy(answer) };
    const alert = strongestAlert(state.alerts.kept);
    if (alert === undefined) continue;
    const again = await withHelp(incident, step, { what: 'resolve the principal', work: () => askAws(alert) });
    if (again.how === 'ended') return again;
    takeResolution(incident, again.value);
  }
  return hasEnded(state.steps[step.id]) ? { how: 'ended', end: undefined } : { how: 'ok', value: true };
}

/** Asks AWS which principal an alert is about. */
export function askAws(alert: Alert): Promise<Resolution> {
  return resolve.resolvePrincipal.executeWithOptions(
    { summary: `resolve the principal of ${alert.source} ${alert.alertId}`.slice(0, 200) },
    [alert],
  );
}

/** Takes a resolution in: a principal that was found enters the scope once, and is claimed by the pump. */
export function takeResolution(incident: Incident, resolution: Resolution): boolean {
  const { state } = incident;
  if (state.resolution?.found !== true) state.resolution = resolution;
  if (!resolution.found) return false;
  const { principal } = resolution;
  if (state.principals.some(({ lockId }) => lockId === principal.lockId)) return false;
  state.principals.push(principal);
  incident.journal(`in scope: IAM ${principal.kind} ${principal.name} (${principal.account})`);
  return true;
}

function whyUnresolved({ resolution, alerts }: IncidentState): string {
  if (alerts.total === 0) return 'no alert arrived';
  return resolution === undefined || resolution.found ? 'no principal is known' : `${resolution.why}: ${resolution.detail}`;
}
