import type { ObservedCall, UnsignedAlert } from '../../contracts/alert.js';
import type { DetectionRule, ParseSettings } from '../../contracts/detection.js';
import { recordedCaller, type RecordedCaller } from '../../domain/cloudtrail-rules/caller.js';
import { matchRules } from '../../domain/cloudtrail-rules/match.js';
import { draftAlert, type Judgement, openIfNamed } from '../draft-alert.js';
import { checkHints, isPrincipalArn, shown, type CheckedHints } from '../../domain/alerts/grammar.js';
import { isObject, RejectedMessageError, textAt, type JsonObject } from '../json-reader.js';
import { requiredText, timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

const DETAIL_TYPE = / via CloudTrail$/;
/** Score of a call while no rule is known. */
const UNRATED = 4;

/**
 * Calls and sign-ins of CloudTrail through EventBridge. The rules say which calls matter; those that are suspicious only against
 * the principal's past are `review` here, and judged at intake.
 */
export const cloudtrail: AlertSource = {
  id: 'cloudtrail',
  recognises: (body) => typeof body['detail-type'] === 'string' && DETAIL_TYPE.test(body['detail-type']),
  parse: (body, receivedAt, settings) => {
    const { detail } = body;
    if (!isObject(detail)) throw new RejectedMessageError('detail: expected a CloudTrail record');
    return [alertOf(body, detail, { receivedAt, settings })];
  },
};

function alertOf(
  body: JsonObject,
  record: JsonObject,
  { receivedAt, settings }: { receivedAt: string; settings: ParseSettings },
): UnsignedAlert {
  const alertId = requiredText(record, 'eventID', 'CloudTrail record');
  const eventName = requiredText(record, 'eventName', 'CloudTrail record');
  if (!/^\w{1,128}$/.test(eventName)) throw new RejectedMessageError('eventName: expected the name of an API call');
  const caller = recordedCaller(record['userIdentity']);
  const times = timesOf({ detected: [record['eventTime'], body['time']], firstSeen: [record['eventTime']], receivedAt });
  const call = callOf(record, { eventName, caller, at: times.firstSeenAt });
  const region = textAt(record, 'awsRegion') ?? textAt(body, 'region');
  const account = caller.hints.account ?? textAt(record, 'recipientAccountId') ?? textAt(body, 'account');
  const checked = checkHints({ ...caller.hints, account, region }, settings.sources?.partition);
  const [rule] = settings.rules === undefined ? [] : matchRules(call, settings.rules);
  return draftAlert({
    source: 'cloudtrail',
    alertId,
    type: `CloudTrail:${call.service}/${eventName}`,
    title: titleOf(record, { call, rule }),
    score: rule?.score ?? (settings.rules === undefined ? UNRATED : 0),
    checked,
    kind: caller.kind,
    remoteIp: textAt(record, 'sourceIPAddress'),
    // A call that opens by itself is as telling as an anomaly that a detector saw.
    facts: { anomalousBehavior: rule?.act === 'open' && !call.refused },
    times,
    receivedAt,
    judgement: judge({ caller, checked, rule, known: settings.rules !== undefined }),
    deniedOnly: call.refused,
    // Without names that AWS could have issued nothing is asked about the call: a person looks at it.
    ...(checked.problems.length > 0 ? {} : { call }),
    body: record,
  });
}

function callOf(record: JsonObject, { eventName, caller, at }: { eventName: string; caller: RecordedCaller; at: string }): ObservedCall {
  const service = requiredText(record, 'eventSource', 'CloudTrail record').replace(/\.amazonaws\.com(\.cn)?$/, '');
  if (!/^[a-z0-9][a-z0-9.-]{0,100}$/.test(service)) throw new RejectedMessageError('eventSource: expected the host name of an AWS service');
  const role = textAt(record, 'requestParameters.roleArn');
  const failedSignIn =
    textAt(record, 'responseElements.ConsoleLogin') === 'Failure' || textAt(record, 'errorMessage') === 'Failed authentication';
  return {
    eventName,
    service,
    caller: caller.type.slice(0, 64),
    ...(role !== undefined && isPrincipalArn(role) ? { assumes: role } : {}),
    refused: textAt(record, 'errorCode') !== undefined || failedSignIn,
    at,
  };
}

/** Whom the call was about stands in the title: it is somebody else than the caller. */
function titleOf(record: JsonObject, { call, rule }: { call: ObservedCall; rule: DetectionRule | undefined }): string {
  const names = ['userName', 'roleName', 'groupName', 'roleArn', 'policyArn', 'name'];
  const target = names.map((name) => textAt(record, `requestParameters.${name}`)).find((name) => name !== undefined);
  const about = target === undefined ? '' : ` on ${shown(target)}`;
  return `${call.service}:${call.eventName}${about}${call.refused ? ', refused' : ''}${rule === undefined ? '' : `: ${rule.why}`}`;
}

interface ToJudge {
  readonly caller: RecordedCaller;
  readonly checked: CheckedHints;
  readonly rule: DetectionRule | undefined;
  readonly known: boolean;
}

function judge({ caller, checked, rule, known }: ToJudge): Judgement {
  if (caller.type === 'AWSService') return { disposition: 'ignore', reason: 'a call of AWS itself' };
  if (known && rule === undefined) return { disposition: 'ignore', reason: 'no detection rule is about such a call' };
  if (rule === undefined) return { disposition: 'review', reason: 'no detection rules are configured here: judged at intake' };
  const reason = `rule ${rule.id}: ${rule.why}`;
  if (rule.act === 'ifUnusual') return { disposition: 'review', reason: `${reason}; judged by the principal's past at intake` };
  return openIfNamed(checked, { kind: caller.kind, reason });
}
