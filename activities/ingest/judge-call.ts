import { Alert, type ObservedCall, type UnsignedAlert } from '../../src/contracts/alert.js';
import type { DetectionRule, DetectionRules } from '../../src/contracts/detection.js';
import { parsePayload, permanent } from '../../src/contracts/failures.js';
import type { Rails } from '../../src/contracts/policies.js';
import { severityFromScore } from '../../src/domain/alerts/severity.js';
import { matchRules } from '../../src/domain/cloudtrail-rules/match.js';
import { signsOf } from '../../src/domain/cloudtrail-rules/signs.js';
import { withoutPath } from '../../src/domain/principals/arn.js';
import type { Authority } from '../../src/ports/authority.js';
import type { CallerHistory, PastOf } from './caller-history.js';

export interface JudgeCallDeps {
  readonly pastOf: PastOf;
  /** As they are now; undefined where none are configured. */
  readonly rules: () => Promise<DetectionRules | undefined>;
  readonly rails: () => Promise<Rails>;
  readonly authority: Pick<Authority, 'signReceipt' | 'verifyReceipt'>;
  /** ARNs of our own roles and users in an account; none where AWS would not say. */
  readonly ownArns: (account: string) => Promise<readonly string[]>;
}

/** What is made of a call: the fields of the alert that change. */
type Judged = Pick<UnsignedAlert, 'disposition' | 'reason'> & { readonly score?: number; readonly isUnusual?: boolean };

/**
 * Judges a call of CloudTrail by the rules and by its principal's last hours, and signs the alert again. Our own calls and calls
 * without a rule become `ignore`; one that is suspicious only against the past is opened, ignored, or, where its past could not be
 * read, left for review: an unreadable history never drops an alert. Only an alert that ingest signed is signed again.
 * Needs `cloudtrail:LookupEvents`; an account that is not on the allow-list is not asked.
 *
 * @throws InvalidPayload, permanent: no alert.
 * @throws UnsafeAction, permanent: the alert bears no receipt of ingest.
 */
export function createJudgeCall(deps: JudgeCallDeps): (alert: Alert) => Promise<Alert> {
  return async (input) => {
    const alert = parsePayload(Alert, input, 'alert');
    const { call, account } = alert;
    if (call === undefined) return alert;
    if (!(await deps.authority.verifyReceipt(alert))) throw permanent('UnsafeAction', 'the alert bears no receipt of ingest');
    const [rules, { accounts }] = await Promise.all([deps.rules(), deps.rails()]);
    if (rules === undefined || account === undefined || !accounts.includes(account)) return alert;
    const judged = await judge({ ...alert, account, call }, rules, deps);
    return deps.authority.signReceipt(amended(alert, judged));
  };
}

function amended(
  { receipt: _, ...alert }: Alert,
  { disposition, reason, score = alert.facts.score, isUnusual = false }: Judged,
): UnsignedAlert {
  const facts = { ...alert.facts, score, anomalousBehavior: alert.facts.anomalousBehavior || isUnusual };
  return { ...alert, facts, severity: severityFromScore(score), disposition, reason: reason.slice(0, 1_000) };
}

async function judge(alert: Alert & { account: string; call: ObservedCall }, rules: DetectionRules, deps: JudgeCallDeps): Promise<Judged> {
  const { account, call, hints } = alert;
  const own = await deps.ownArns(account);
  const caller = hints.arn === undefined ? undefined : withoutPath(hints.arn);
  if (caller !== undefined && own.some((arn) => withoutPath(arn) === caller)) return { disposition: 'ignore', reason: 'a call of our own' };
  const [rule] = matchRules(call, rules);
  if (rule === undefined) return { disposition: 'ignore', reason: 'no detection rule is about such a call' };
  const past = await deps.pastOf({ ...alert, account }, rules.unusual);
  const { records, earlierHours } = past;
  const complete = past.notRead.length === 0;
  const { region, facts } = alert;
  const seen = { atMs: Date.parse(call.at), region, remoteIp: facts.remoteIp, records, earlierHours, complete };
  const signs = signsOf(seen, rules.unusual);
  return verdictOn(rule, { signs, past, refused: call.refused });
}

function verdictOn(rule: DetectionRule, seen: { signs: readonly string[]; past: CallerHistory; refused: boolean }): Judged {
  const { signs, past, refused } = seen;
  const why = [`rule ${rule.id}: ${rule.why}`, ...signs].join('; ');
  const score = Math.min(10, rule.score + signs.length);
  // A refused call is an attempt: news, but not what an anomaly that succeeded is.
  if (rule.act === 'open') return { disposition: 'open', reason: why, score, isUnusual: !refused };
  if (signs.length > 0) return { disposition: 'open', reason: why, score, isUnusual: true };
  if (past.notRead.length > 0) return { disposition: 'review', reason: `${why}; its past was not read: ${past.notRead.join(', ')}` };
  return { disposition: 'ignore', reason: `usual for its principal (${past.records.length} events compared): ${why}` };
}
