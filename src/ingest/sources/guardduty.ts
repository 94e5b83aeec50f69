import type { Alert, UnsignedAlert } from '../../contracts/alert.js';
import { draftAlert, guardDutyFacts, type Judgement } from '../draft-alert.js';
import { checkHints, shown, type CheckedHints } from '../../domain/alerts/grammar.js';
import { flagAt, listAt, numberAt, proseAt, textAt, valueAt, type JsonObject } from '../json-reader.js';
import { requiredText, timesOf } from '../shared-fields.js';
import { toInstant } from '../timestamps.js';
import { actorsOf, callerOf, type Actor } from '../guardduty/actors.js';
import { findingsIn, isFinding, isSample, type Finding } from '../guardduty/finding.js';
import type { AlertSource } from '../alert-source.js';

/** Purposes GuardDuty has used in front of the colon, also retired ones (aws-domain 8). Matched by family: types come and go. */
const FAMILIES =
  /^(Backdoor|Behavior|CredentialAccess|CryptoCurrency|DefenseEvasion|Discovery|Execution|Exfiltration|Impact|InitialAccess|PenTest|Persistence|Policy|PrivilegeEscalation|Recon|ResourceConsumption|Stealth|Trojan|UnauthorizedAccess):[A-Za-z0-9]+\//;
const SEQUENCE = /^AttackSequence:/;
const REMOTE_IP = 'service.action.awsApiCallAction.remoteIpDetails';

/** Amazon GuardDuty: EventBridge, bare findings, `GetFindings`. */
export const guardduty: AlertSource = {
  id: 'guardduty',
  recognises: (body) =>
    body['source'] === 'aws.guardduty' || isFinding(body) || listAt(body, 'Findings').some((entry) => isFindingLike(entry)),
  parse: (body, receivedAt, { sources }) => findingsIn(body).flatMap((finding) => alertsOf(finding, receivedAt, sources?.partition)),
};

function isFindingLike(entry: unknown): boolean {
  return typeof valueAt(entry, 'Id') === 'string' && valueAt(entry, 'Service') !== undefined;
}

function alertsOf(finding: Finding, receivedAt: string, partition: string | undefined): UnsignedAlert[] {
  const { body, envelope } = finding;
  const id = requiredText(body, 'id', 'GuardDuty finding');
  const type = requiredText(body, 'type', 'GuardDuty finding');
  const score = Math.min(10, Math.max(0, numberAt(body, 'severity') ?? 0));
  const named = actorsOf(body);
  const actors = named.length > 0 ? named : [callerOf(body)];
  const times = timesOf({
    detected: [valueAt(body, 'createdAt'), envelope.time],
    firstSeen: [valueAt(body, 'service.eventFirstSeen')],
    receivedAt,
  });
  const lastSeenAt = toInstant(valueAt(body, 'service.eventLastSeen'));
  return actors.map((actor) => {
    const checked = checkHints(
      {
        region: textAt(body, 'region') ?? envelope.region,
        ...actor.hints,
        account: actor.hints.account ?? textAt(body, 'accountId') ?? envelope.account,
      },
      partition,
    );
    return draftAlert({
      source: 'guardduty',
      alertId: actor.suffix === '' ? id : `${id}#${actor.suffix}`,
      type,
      title: proseAt(body, 'title', 512),
      score,
      checked,
      kind: actor.kind,
      remoteIp: textAt(body, `${REMOTE_IP}.ipAddressV4`) ?? textAt(body, `${REMOTE_IP}.ipAddressV6`) ?? endpointOf(body),
      facts: guardDutyFacts(type),
      times,
      lastSeenAt,
      receivedAt,
      sample: isSample(body),
      judgement: judge(body, type, { actor, checked }),
      deniedOnly: textAt(body, 'service.action.awsApiCallAction.errorCode') !== undefined,
      body,
    });
  });
}

/** An attack sequence has its addresses apart from its actors; the first stands for all of them. */
function endpointOf(body: JsonObject): string | undefined {
  return textAt(listAt(body, 'service.detection.sequence.endpoints')[0], 'ip');
}

/** What becomes of the alert, and the sentence that says why. The first rule that matches decides. */
function judge(body: JsonObject, type: string, who: { actor: Actor; checked: CheckedHints }): Judgement {
  const { hints, problems, account } = who.checked;
  if (isSample(body)) return { disposition: 'ignore', reason: 'a GuardDuty sample finding, not an event' };
  if (flagAt(body, 'service.archived')) return { disposition: 'ignore', reason: 'the finding is archived in GuardDuty' };
  if (problems.length > 0) return { disposition: 'review', reason: problems.join('; ') };
  if (numberAt(body, 'severity') === undefined) return { disposition: 'review', reason: 'the finding has no severity' };
  if (!FAMILIES.test(type) && !SEQUENCE.test(type))
    return { disposition: 'review', reason: `finding type ${shown(type)} is not known here` };
  if (!namesPrincipal(hints, who.actor.kind)) return { disposition: 'review', reason: namelessReason(body, type) };
  if (account === undefined) return { disposition: 'review', reason: 'the finding names no account' };
  return { disposition: 'open', reason: `GuardDuty ${type}` };
}

function namesPrincipal(hints: Alert['hints'], kind: string): boolean {
  return kind === 'root' || hints.accessKeyId !== undefined || hints.userName !== undefined || hints.arn !== undefined;
}

function namelessReason(body: JsonObject, type: string): string {
  if (!SEQUENCE.test(type))
    return `no access key or principal in the finding (resource ${shown(textAt(body, 'resource.resourceType') ?? 'unknown')})`;
  // Older exports carry the actor only in prose, which anybody who names a user can write: shown, never used.
  const told = /\bIAMUser\/([\w+=,.@-]{1,64})/.exec(proseAt(body, 'title', 512) ?? '')?.[1];
  return told === undefined
    ? 'an attack sequence that names no actor'
    : `an attack sequence without actors; its text speaks of IAM user ${shown(told)}`;
}
