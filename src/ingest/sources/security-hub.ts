import type { UnsignedAlert } from '../../contracts/alert.js';
import { draftAlert, guardDutyFacts, type Judgement, openIfNamed } from '../draft-alert.js';
import { checkHints, shown } from '../../domain/alerts/grammar.js';
import { isObject, listAt, objectsIn, proseAt, textAt, valueAt, type JsonObject } from '../json-reader.js';
import { type Named, resourcesOf } from '../security-hub/resources.js';
import { asffScore, errorCodeOf, guardDutyType, isGuardDuty, isSample, remoteIpOf } from '../security-hub/finding.js';
import { requiredText, timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

const SCHEMA = '2018-10-08';

/** Security Hub CSPM (ASFF): EventBridge events, bare findings, `GetFindings`. */
export const securityHub: AlertSource = {
  id: 'security-hub',
  recognises: (body) =>
    isAsff(body) ||
    (body['source'] === 'aws.securityhub' && body['detail-type'] !== 'Findings Imported V2') ||
    listAt(body, 'Findings').some(isAsff),
  parse: (body, receivedAt, { sources }) =>
    findingsIn(body).flatMap((finding) =>
      alertsOf(finding, { receivedAt, partition: sources?.partition, sentByPerson: isCustomAction(body) }),
    ),
};

function isAsff(value: unknown): boolean {
  return valueAt(value, 'SchemaVersion') === SCHEMA;
}

/** Somebody chose the finding in the console and sent it on. */
function isCustomAction(body: JsonObject): boolean {
  return body['detail-type'] === 'Security Hub Findings - Custom Action';
}

function findingsIn(body: JsonObject): JsonObject[] {
  if (isAsff(body)) return [body];
  return objectsIn([...listAt(body, 'detail.findings'), ...listAt(body, 'Findings')], 'detail.findings: expected findings in ASFF');
}

interface Context {
  readonly receivedAt: string;
  readonly partition: string | undefined;
  readonly sentByPerson: boolean;
}

function alertsOf(finding: JsonObject, { receivedAt, partition, sentByPerson }: Context): UnsignedAlert[] {
  const id = requiredText(finding, 'Id', 'Security Hub finding');
  const listed = listAt(finding, 'Types').find((entry) => typeof entry === 'string');
  const told = textAt({ type: listed }, 'type') ?? textAt(finding, 'GeneratorId') ?? 'SecurityHub:Finding';
  const type = isGuardDuty(finding) ? (guardDutyType(told) ?? told) : told;
  const times = timesOf({
    detected: [valueAt(finding, 'CreatedAt'), valueAt(finding, 'UpdatedAt')],
    firstSeen: [valueAt(finding, 'FirstObservedAt')],
    receivedAt,
  });
  const named = resourcesOf(finding);
  return (named.length === 0 ? [NOBODY] : named).map((resource, index) => {
    const account = resource.hints.account ?? textAt(finding, 'AwsAccountId');
    const checked = checkHints({ region: textAt(finding, 'Region'), ...resource.hints, account }, partition);
    return draftAlert({
      source: 'security-hub',
      origin: isGuardDuty(finding) ? 'guardduty' : undefined,
      alertId: index === 0 ? id : `${id}#${resource.key}`,
      type,
      title: proseAt(finding, 'Title', 512),
      score: asffScore(finding) ?? 0,
      checked,
      kind: resource.kind,
      remoteIp: remoteIpOf(finding),
      facts: { ...guardDutyFacts(type), reportedByPerson: sentByPerson },
      times,
      receivedAt,
      sample: isSample(finding),
      judgement:
        closed(finding) ??
        judge(finding, { sentByPerson, named: openIfNamed(checked, { kind: resource.kind, reason: `Security Hub ${shown(type)}` }) }),
      deniedOnly: errorCodeOf(finding) !== undefined,
      body: finding,
    });
  });
}

const NOBODY: Named = { key: '', kind: 'unknown', hints: {} };

function closed(finding: JsonObject): Judgement | undefined {
  const ignore = (reason: string): Judgement => ({ disposition: 'ignore', reason });
  if (isSample(finding)) return ignore('a sample finding, not an event');
  if (textAt(finding, 'RecordState') === 'ARCHIVED') return ignore('the finding is archived in Security Hub');
  const workflow = textAt(finding, 'Workflow.Status');
  return workflow === 'SUPPRESSED' || workflow === 'RESOLVED' ? ignore(`the finding is ${workflow} in Security Hub`) : undefined;
}

/** Posture findings come by the thousand and say how an account is set up, not that somebody is in it. */
function judge(finding: JsonObject, { sentByPerson, named }: { sentByPerson: boolean; named: Judgement }): Judgement {
  const types = listAt(finding, 'Types').filter((entry) => typeof entry === 'string');
  const posture =
    isObject(finding['Compliance']) || (types.length > 0 && types.every((type) => type.startsWith('Software and Configuration Checks')));
  if (posture && !isGuardDuty(finding))
    return sentByPerson
      ? { disposition: 'review', reason: 'a posture finding that a person sent on' }
      : { disposition: 'ignore', reason: 'a posture finding: how the account is set up, not a sign of an intruder' };
  if (asffScore(finding) === undefined) return { disposition: 'review', reason: 'the finding has no severity' };
  const threat = isGuardDuty(finding) || types.some((type) => /^(TTPs|Effects|Unusual Behaviors)\//.test(type));
  return threat ? named : { disposition: 'review', reason: `finding type ${shown(types[0] ?? 'none')} is not known here` };
}
