import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { isCancellation, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { type Alert, type ExpandedAlarm, IntakeInput, type IntakeResult } from '../src/contracts/alert.js';
import { parsePayload } from '../src/contracts/failures.js';
import { lockOf, type Resolution } from '../src/contracts/principal.js';
import { fallbackLock } from '../src/domain/engine/fallback-lock.js';
import { deliver, resolve, sift } from './runtime/activities.js';
import { failureText } from './runtime/failure-text.js';

/**
 * What becomes of one alert: nothing (with the reason), an incident opened or joined, or, of an alarm that names nobody, an intake
 * for each principal found behind it. Its result is the alert's outcome of record.
 *
 * @throws InvalidPayload, permanent: the alert is malformed.
 * @throws ActivityFailure: no incident could be opened for an hour; `reconcile` finds such alerts.
 */
export async function alertIntake(raw: IntakeInput): Promise<IntakeResult> {
  const { alert: received, incidentId } = parsePayload(IntakeInput, raw, 'intake input');
  if (received.sample) return { outcome: 'ignored', reason: received.disposition === 'ignore' ? received.reason : 'a sample finding' };
  if (received.disposition === 'ignore') return { outcome: 'ignored', reason: received.reason };
  const { alert, notes } = await judged(received);
  if (alert.disposition === 'ignore') return { outcome: 'ignored', reason: alert.reason };
  const expanded = await expand(alert);
  if (expanded.intakes.length > 0) return startIntakes(expanded);
  if (expanded.note !== '') notes.push(expanded.note);
  const resolution = await resolvePrincipal(alert);
  if (!resolution.found && resolution.why === 'foreign') return { outcome: 'rejected', reason: `foreign: ${resolution.detail}` };
  const result = await open({ alert, incidentId }, resolution);
  return notes.length === 0 ? result : { ...result, reason: `${result.reason}; ${notes.join('; ')}` };
}

/** A call is judged against its principal's past; where that cannot be done it stands as it came. */
async function judged(alert: Alert): Promise<{ alert: Alert; notes: string[] }> {
  if (alert.call === undefined) return { alert, notes: [] };
  try {
    const summary = `judge ${alert.call.service}:${alert.call.eventName}`.slice(0, 200);
    return { alert: await sift.judgeCall.executeWithOptions({ summary }, [alert]), notes: [] };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { alert, notes: [`not judged by its past: ${failureText(error)}`] };
  }
}

/** The principals behind an alarm; where they cannot be found a person looks at the alarm itself. */
async function expand(alert: Alert): Promise<ExpandedAlarm> {
  if (alert.alarm === undefined) return { intakes: [], note: '' };
  try {
    return await sift.expandAlarm.executeWithOptions({ summary: `look for principals behind ${alert.alarm.name}`.slice(0, 200) }, [alert]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { intakes: [], note: `its log group could not be read: ${failureText(error)}` };
  }
}

/** Each intake outlives this one, and the same alarm told twice starts none again. */
async function startIntakes({ intakes, note }: ExpandedAlarm): Promise<IntakeResult> {
  for (const { workflowId, alert, incidentId } of intakes) {
    try {
      await startChild(alertIntake, {
        workflowId,
        args: [{ alert, incidentId }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: `${alert.source} · ${alert.severity} · ${alert.title}`.slice(0, 200),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
  return { outcome: 'expanded', reason: note };
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
