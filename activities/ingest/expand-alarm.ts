import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { Alert, type AlarmWindow, type ExpandedAlarm, type UnsignedAlert } from '../../src/contracts/alert.js';
import { parsePayload, permanent } from '../../src/contracts/failures.js';
import type { Rails } from '../../src/contracts/policies.js';
import { mintIncidentId } from '../../src/domain/alerts/incident-id.js';
import { intakeId } from '../../src/domain/alerts/intake-id.js';
import { sha256Of } from '../../src/domain/canonical-json.js';
import { type LoggedCaller, loggedCallers } from '../../src/domain/cloudtrail-rules/logged-callers.js';
import { withoutPath } from '../../src/domain/principals/arn.js';
import type { Authority } from '../../src/ports/authority.js';
import { readAlarmLines } from './alarm-lines.js';

/** Principals that one alarm opens incidents for; an alarm about more is about something else than one intruder. */
const MAX_PRINCIPALS = 20;
const MAX_NOTE = 1_000;

export interface ExpandAlarmDeps {
  /** Logs of an account and region, with the Reader's session. */
  readonly logs: (account: string, region: string) => Pick<CloudWatchLogsClient, 'send'>;
  readonly rails: () => Promise<Rails>;
  readonly authority: Pick<Authority, 'signReceipt' | 'verifyReceipt'>;
  /** ARNs of our own roles and users in an account; none where AWS would not say. */
  readonly ownArns: (account: string) => Promise<readonly string[]>;
  readonly now: () => Date;
}

/**
 * Finds the principals behind a CloudWatch alarm: the metric filter of the alarm's metric, its log group, and in it the CloudTrail
 * records that the filter's pattern counted in the alarm's window. Each principal becomes a signed alert of its own, with the
 * workflow id of its intake. None found: no intakes, and why. Only an alarm that ingest signed is expanded.
 * Idempotent: the alerts and their intakes have the same ids at every attempt. Needs `logs:DescribeMetricFilters` and
 * `logs:FilterLogEvents`; an account that is not on the allow-list is not asked.
 *
 * @throws InvalidPayload, permanent: no alert.
 * @throws UnsafeAction, permanent: the alarm bears no receipt of ingest.
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createExpandAlarm(deps: ExpandAlarmDeps): (alert: Alert) => Promise<ExpandedAlarm> {
  return async (input) => {
    const alert = parsePayload(Alert, input, 'alert');
    if (!(await deps.authority.verifyReceipt(alert))) throw permanent('UnsafeAction', 'the alarm bears no receipt of ingest');
    const { alarm, account, region } = alert;
    if (alarm === undefined || account === undefined || region === undefined) return none('the alarm names no account, region or metric');
    if (!(await deps.rails()).accounts.includes(account)) return none(`account ${account} is not on the allow-list of rails.yaml`);
    return expand({ ...alert, account, region, alarm }, deps);
  };
}

type Expandable = Alert & { account: string; region: string; alarm: AlarmWindow };

async function expand(alert: Expandable, deps: ExpandAlarmDeps): Promise<ExpandedAlarm> {
  const { account, region, alarm } = alert;
  const { messages, notes } = await readAlarmLines(deps.logs(account, region), alarm);
  const own = (await deps.ownArns(account)).map(withoutPath);
  const isOwn = ({ checked }: LoggedCaller): boolean => own.includes(withoutPath(checked.hints.arn ?? ''));
  const callers = loggedCallers(messages).filter((caller) => !isOwn(caller));
  if (callers.length === 0) return none([`${messages.length} log lines name no principal`, ...notes].join('; '));
  const intakes = [];
  for (const caller of callers.slice(0, MAX_PRINCIPALS)) {
    const signed = await deps.authority.signReceipt(derived(alert, caller));
    intakes.push({ workflowId: intakeId(signed), alert: signed, incidentId: mintIncidentId(deps.now()) });
  }
  const left = callers.length - intakes.length;
  const note = [
    `principals behind the alarm: ${intakes.length}, log lines: ${messages.length}`,
    ...(left > 0 ? [`${left} more were left out`] : []),
    ...notes,
  ];
  return { intakes, note: note.join('; ').slice(0, MAX_NOTE) };
}

function none(note: string): ExpandedAlarm {
  return { intakes: [], note: note.slice(0, MAX_NOTE) };
}

/** The alarm's alert about one principal. Its account is the record's: an organization's trail logs all of them in one place. */
function derived({ receipt: _receipt, alarm: _alarm, ...alert }: Expandable, caller: LoggedCaller): UnsignedAlert {
  const { checked, kind, key, count, remoteIp, firstAt, allRefused } = caller;
  const { problems } = checked;
  return {
    ...alert,
    alertId: `${alert.alertId}#${key}`.slice(0, 2_048),
    account: checked.account ?? alert.account,
    principalKind: kind,
    hints: checked.hints,
    facts: { ...alert.facts, ...(remoteIp === undefined ? {} : { remoteIp }) },
    firstSeenAt: firstAt < alert.detectedAt ? firstAt : alert.detectedAt,
    disposition: problems.length > 0 ? 'review' : 'open',
    reason:
      problems.length > 0
        ? problems.join('; ').slice(0, MAX_NOTE)
        : `${count} of the log lines behind the alarm are calls of this principal`,
    deniedOnly: allRefused,
    bodySha256: sha256Of([alert.bodySha256, key]),
  };
}
