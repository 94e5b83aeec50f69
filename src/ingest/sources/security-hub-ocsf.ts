import type { UnsignedAlert } from '../../contracts/alert.js';
import { draftAlert, guardDutyFacts, type Judgement, openIfNamed } from '../draft-alert.js';
import { checkHints, shown } from '../../domain/alerts/grammar.js';
import { isObject, listAt, numberAt, objectsIn, proseAt, textAt, valueAt, type JsonObject } from '../json-reader.js';
import { peopleOf, remoteIpOf } from '../security-hub/ocsf-people.js';
import { requiredText, timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

/** OCSF severity_id (schema 1.x, dictionary): informational … fatal, on GuardDuty's scale. */
const SCORES: Readonly<Record<number, number>> = { 1: 0, 2: 3, 3: 5, 4: 8, 5: 9.5, 6: 10 };
const DETECTION_FINDING = 2004;
/** Vulnerability, compliance, and data security findings: how things are, not what somebody did. */
const POSTURE = new Set([2002, 2003, 2006]);
/** Status of a finding that people have dealt with: suppressed, resolved, archived, deleted. */
const CLOSED: Readonly<Record<number, string>> = { 3: 'suppressed', 4: 'resolved', 5: 'archived', 6: 'deleted' };
const CLOSING = 3;

/** Security Hub findings in OCSF ("V2"): EventBridge events and bare findings. */
export const securityHubOcsf: AlertSource = {
  id: 'security-hub-ocsf',
  recognises: (body) => body['detail-type'] === 'Findings Imported V2' || isOcsf(body),
  parse: (body, receivedAt, { sources }) => findingsIn(body).flatMap((finding) => alertsOf(finding, receivedAt, sources?.partition)),
};

function isOcsf(body: JsonObject): boolean {
  return typeof body['class_uid'] === 'number' && isObject(body['finding_info']);
}

function findingsIn(body: JsonObject): JsonObject[] {
  if (isOcsf(body)) return [body];
  return objectsIn(listAt(body, 'detail.findings'), 'detail.findings: expected findings in OCSF');
}

function alertsOf(finding: JsonObject, receivedAt: string, partition: string | undefined): UnsignedAlert[] {
  const uid = requiredText(finding, 'finding_info.uid', 'Security Hub finding');
  const account = textAt(finding, 'cloud.account.uid');
  const product = textAt(finding, 'metadata.product.uid') ?? '';
  const listed = listAt(finding, 'finding_info.types').find((entry) => typeof entry === 'string');
  const type = textAt({ type: listed }, 'type') ?? `OCSF:${numberAt(finding, 'class_uid') ?? 'finding'}`;
  const times = timesOf({
    detected: firstTimes(finding, ['finding_info.created_time', 'time']),
    firstSeen: firstTimes(finding, ['finding_info.first_seen_time']),
    receivedAt,
  });
  const people = peopleOf(finding);
  return (people.length === 0 ? [{ key: '', kind: 'unknown' as const, hints: {} }] : people).map((person, index) => {
    const checked = checkHints(
      { region: textAt(finding, 'cloud.region'), ...person.hints, account: person.hints.account ?? account },
      partition,
    );
    // The three together are Security Hub's own key of a finding (aws-domain 8).
    const alertId = [account ?? '', product, uid].join('|');
    return draftAlert({
      source: 'security-hub-ocsf',
      origin: product.endsWith('/aws/guardduty') ? 'guardduty' : undefined,
      alertId: index === 0 ? alertId : `${alertId}#${person.key}`,
      type,
      title: proseAt(finding, 'finding_info.title', 512),
      score: SCORES[numberAt(finding, 'severity_id') ?? 0] ?? 0,
      checked,
      kind: person.kind,
      remoteIp: remoteIpOf(finding),
      facts: guardDutyFacts(type),
      times,
      receivedAt,
      sample: isSample(finding),
      judgement: judge(finding, openIfNamed(checked, { kind: person.kind, reason: `Security Hub ${shown(type)}` })),
      deniedOnly: isRefused(finding),
      body: finding,
    });
  });
}

/** Each time stands in epoch ms and, with `_dt`, as text. */
function firstTimes(finding: JsonObject, paths: readonly string[]): unknown[] {
  return paths.flatMap((path) => [valueAt(finding, `${path}_dt`), valueAt(finding, path)]);
}

function isSample(finding: JsonObject): boolean {
  return proseAt(finding, 'finding_info.title', 512)?.startsWith('[SAMPLE]') ?? false;
}

/** Every call that is evidence was refused. */
function isRefused(finding: JsonObject): boolean {
  const calls = listAt(finding, 'evidences').filter((evidence) => valueAt(evidence, 'api') !== undefined);
  return calls.length > 0 && calls.every((evidence) => textAt(evidence, 'api.response.error') !== undefined);
}

function judge(finding: JsonObject, named: Judgement): Judgement {
  if (isSample(finding)) return { disposition: 'ignore', reason: 'a sample finding, not an event' };
  const status = CLOSED[numberAt(finding, 'status_id') ?? 0];
  if (status !== undefined) return { disposition: 'ignore', reason: `the finding is ${status} in Security Hub` };
  if (numberAt(finding, 'activity_id') === CLOSING) return { disposition: 'ignore', reason: 'the finding was closed' };
  const classId = numberAt(finding, 'class_uid') ?? 0;
  if (POSTURE.has(classId))
    return { disposition: 'ignore', reason: 'a posture finding: how the account is set up, not a sign of an intruder' };
  if (classId !== DETECTION_FINDING) return { disposition: 'review', reason: `finding class ${classId} is not known here` };
  return SCORES[numberAt(finding, 'severity_id') ?? 0] === undefined
    ? { disposition: 'review', reason: 'the finding has no severity' }
    : named;
}
