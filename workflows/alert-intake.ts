import { isCancellation } from '@temporalio/workflow';
import type { Alert } from '../src/contracts/alert.js';
import { IntakeInput, type IntakeResult } from '../src/contracts/alert.js';
import { parsePayload } from '../src/contracts/failures.js';
import { lockOf, type Resolution } from '../src/contracts/principal.js';
import { fallbackLock } from '../src/domain/engine/fallback-lock.js';
import { deliver, resolve } from './runtime/activities.js';
import { failureText } from './runtime/failure-text.js';

/**
 * What becomes of one alert: nothing (with the reason), or an incident opened or joined. Its result is the alert's
 * outcome of record.
 *
 * @throws InvalidPayload, permanent: the alert is malformed.
 * @throws ActivityFailure: no incident could be opened for an hour; `reconcile` finds such alerts.
 */
export async function alertIntake(raw: IntakeInput): Promise<IntakeResult> {
  const { alert, incidentId } = parsePayload(IntakeInput, raw, 'intake input');
  if (alert.sample) return { outcome: 'ignored', reason: alert.disposition === 'ignore' ? alert.reason : 'a sample finding' };
  if (alert.disposition === 'ignore') return { outcome: 'ignored', reason: alert.reason };
  const resolution = await resolvePrincipal(alert);
  if (!resolution.found && resolution.why === 'foreign') return { outcome: 'rejected', reason: `foreign: ${resolution.detail}` };
  return open({ alert, incidentId }, resolution);
}

/** Resolving has a minute; then the incident opens on what is known (design 10). */
async function resolvePrincipal(alert: Alert): Promise<Resolution> {
  try {
    return await resolve.resolvePrincipal.executeWithOptions(
      { summary: `resolve the principal of ${alert.source} ${alert.alertId}`.slice(0, 200) },
      [alert],
    );
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { found: false, why: 'unreadable', detail: failureText(error), lockId: fallbackLock(alert) };
  }
}

async function open(input: IntakeInput, resolution: Resolution): Promise<IntakeResult> {
  const { workflowId, incidentId, opened, attached } = await deliver.openIncident.executeWithOptions(
    { summary: `open or join ${lockOf(resolution)}`.slice(0, 200) },
    [{ ...input, resolution }],
  );
  if (attached !== undefined) return { outcome: 'attached', workflowId, incidentId, reason: attached };
  const why = resolution.found
    ? `IAM ${resolution.principal.kind} ${resolution.principal.name}`
    : `for review, ${resolution.why}: ${resolution.detail}`;
  return { outcome: opened ? 'opened' : 'delivered', workflowId, incidentId, reason: why };
}
