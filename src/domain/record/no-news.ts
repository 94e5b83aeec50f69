import type { Alert } from '../../contracts/alert.js';
import type { JournalLine } from '../../contracts/incident.js';
import type { Json } from '../../contracts/primitives.js';
import { IncidentRecord } from '../../contracts/record.js';

/**
 * Why an alert tells nothing new of an incident that is closed, or undefined when it does: it speaks of refused calls alone, or of
 * calls before everything was contained (design 10). A record that cannot be read settles nothing: the alert counts as news.
 */
export function noNews(alert: Pick<Alert, 'deniedOnly' | 'lastSeenAt'>, record: Json | undefined): string | undefined {
  const parsed = IncidentRecord.safeParse(record);
  if (!parsed.success) return undefined;
  if (alert.deniedOnly) return 'its only news are refused calls';
  const { containments } = parsed.data;
  const applied = containments.map(({ appliedAt }) => appliedAt).filter((at) => at !== undefined);
  const allApplied = applied.length > 0 && applied.length === containments.length;
  const first = applied.toSorted()[0] ?? '';
  const isOld = allApplied && alert.lastSeenAt !== undefined && alert.lastSeenAt < first;
  return isOld ? `its calls are from before the containment at ${first}` : undefined;
}

/** What the journal of the closed incident says of such an alert. */
export function attachedLine({ source, type, alertId, receivedAt }: Alert, why: string): JournalLine {
  return { at: receivedAt, who: 'intake', text: `alert ${source} ${type} opens nothing: ${why} (${alertId})`.slice(0, 1000) };
}
