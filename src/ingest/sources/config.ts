import type { PrincipalKindHint, UnsignedAlert } from '../../contracts/alert.js';
import { draftAlert, type Judgement } from '../draft-alert.js';
import { checkHints, shown } from '../../domain/alerts/grammar.js';
import { isObject, RejectedMessageError, textAt, valueAt, type JsonObject } from '../json-reader.js';
import { requiredText, timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

const DETAIL_TYPE = 'Config Rules Compliance Change';
/** A rule that is not met is never an intruder by itself (aws-domain 8). */
const SCORE = 4;
const KINDS: Readonly<Record<string, PrincipalKindHint>> = { 'AWS::IAM::User': 'user', 'AWS::IAM::Role': 'role' };

/** AWS Config: rules about IAM users and roles that are no longer met. Such a resource's id is its AIDA or AROA id. */
export const config: AlertSource = {
  id: 'config',
  recognises: (body) => body['source'] === 'aws.config',
  parse: (body, receivedAt, { sources }) => {
    const { detail } = body;
    if (!isObject(detail) || body['detail-type'] !== DETAIL_TYPE) throw new RejectedMessageError(`detail-type: expected ${DETAIL_TYPE}`);
    return [alertOf(body, detail, { receivedAt, partition: sources?.partition })];
  },
};

function alertOf(
  body: JsonObject,
  change: JsonObject,
  { receivedAt, partition }: { receivedAt: string; partition: string | undefined },
): UnsignedAlert {
  const rule = requiredText(change, 'configRuleName', 'compliance change');
  const resourceType = requiredText(change, 'resourceType', 'compliance change');
  const resourceId = requiredText(change, 'resourceId', 'compliance change');
  const kind = Object.hasOwn(KINDS, resourceType) ? KINDS[resourceType] : undefined;
  const account = textAt(change, 'awsAccountId') ?? textAt(body, 'account');
  const checked = checkHints(
    { account, region: textAt(change, 'awsRegion'), principalId: kind === undefined ? undefined : resourceId },
    partition,
  );
  const recordedAt = valueAt(change, 'newEvaluationResult.resultRecordedTime');
  return draftAlert({
    source: 'config',
    alertId: [account ?? '', rule, resourceType, resourceId].join('|'),
    type: `Config:${rule.slice(0, 200)}`,
    title: `${resourceType} ${shown(resourceId)} no longer meets ${shown(rule)}`,
    score: SCORE,
    checked,
    kind: kind ?? 'unknown',
    times: timesOf({
      detected: [recordedAt, valueAt(change, 'notificationCreationTime'), body['time']],
      firstSeen: [recordedAt],
      receivedAt,
    }),
    receivedAt,
    judgement: judge(change, { rule, resourceType, isPrincipal: kind !== undefined }),
    body: change,
  });
}

function judge(
  change: JsonObject,
  { rule, resourceType, isPrincipal }: { rule: string; resourceType: string; isPrincipal: boolean },
): Judgement {
  const compliance = textAt(change, 'newEvaluationResult.complianceType') ?? 'unknown';
  if (compliance !== 'NON_COMPLIANT') return { disposition: 'ignore', reason: `the resource is ${shown(compliance)} for ${shown(rule)}` };
  if (!isPrincipal) return { disposition: 'ignore', reason: `${shown(resourceType)} is no credential` };
  return { disposition: 'review', reason: `rule ${shown(rule)} is not met: not a sign of an intruder by itself` };
}
