import { parseMessage } from '../ingest/parse-message.js';
import { MANUAL_SOURCE, type ManualReport } from '../ingest/sources/manual.js';
import { Refusal } from './refusal.js';

/** What a person reports by hand. */
export interface ReportedByHand {
  readonly title: string;
  readonly severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  readonly accessKeyId?: string | undefined;
  readonly userName?: string | undefined;
  readonly arn?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * The message that opens an incident by hand: the same way in as every alert's.
 *
 * @throws Refusal, badRequest: it names nobody, or what AWS could not have issued. Whoever asks can mend a typo, which is better
 *   than an incident that has to be reviewed.
 */
export function manualMessage(report: ReportedByHand, by: { readonly subject: string; readonly now: Date }): string {
  const named = Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined));
  const message: ManualReport = { title: report.title, ...named, source: MANUAL_SOURCE, reportedBy: by.subject };
  const text = JSON.stringify(message);
  const parsed = parseMessage(text, by.now.toISOString());
  if (!parsed.accepted) throw new Refusal('badRequest', parsed.reason);
  const unclear = parsed.alerts.find((alert) => alert.disposition !== 'open');
  if (unclear !== undefined) throw new Refusal('badRequest', `${unclear.reason}: name an access key, an ARN, or a user with its account`);
  return text;
}
