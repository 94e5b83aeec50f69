import { parsePayload } from '../../src/contracts/failures.js';
import type { OrganizationConfig } from '../../src/contracts/organization.js';
import { LookupInput, type LookupResult } from '../../src/contracts/watch.js';
import { KNOWN_BEFORE_MS, splitCallers } from '../../src/domain/cloudtrail/callers.js';
import { type CloudTrailRecord, eventMs } from '../../src/domain/cloudtrail/record.js';
import { ancestorOf, callerArnOf, descendantsOf } from '../../src/domain/growth/descendants.js';
import { withoutPath } from '../../src/domain/principals/arn.js';
import { judgeProof } from '../../src/domain/proof/judge.js';
import { byText, distinct, textAt } from '../../src/domain/lineage/values.js';
import type { EventAnswer, EventHistory, EventQuery } from '../../src/ports/event-history.js';
import type { RecentCallers } from '../aws/recent-callers.js';

export interface LookupPrincipalEventsDeps {
  readonly history: EventHistory;
  readonly organization: () => Promise<OrganizationConfig | undefined>;
  readonly recentCallers: RecentCallers;
  readonly nowMs: () => number;
  /** Tells that the reading goes on. */
  readonly beat: (details: unknown) => void;
}

/** Events stamped up to this long before the first deny are read too: CloudTrail keeps whole seconds. */
const SLACK_MS = 60_000;
/** LookupEvents hands over past this (design 11); until then "not read to its end" is said, never "clean". */
const MAX_PAGES = 20;
/** Sessions whose own records are looked up by key id: federated ones do not carry the user's name. */
const MAX_SESSIONS = 12;
/** The longest a role session lives (IAM, MaxSessionDuration): one issued before the deny may still be used after it. */
const ROLE_SESSION_MS = 12 * 3_600_000;
/** Records of a role's sessions carry the session's name and not the role's: so many names are looked up. */
const MAX_NAMES = 20;
/** More is a flood, and frozen. */
const MAX_DESCENDANTS = 50;
const SECOND_MS = 1000;
/** The role that opens root sessions, in the hub (hub.yaml). */
const OUR_ROLE = ':role/ir/Responder';

/**
 * Reads what the principal did since the first deny and judges what it proves together with the configuration
 * (design 9.3). Every configured region: of a user by name and by the keys of sessions it minted, of a role by who became it
 * and by the names of these sessions. Reading is repeated whole after a crash: one question is at most a few pages. Needs `cloudtrail:LookupEvents`.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createLookupPrincipalEvents({
  history,
  organization,
  recentCallers,
  nowMs,
  beat,
}: LookupPrincipalEventsDeps): (input: LookupInput) => Promise<LookupResult> {
  return async (raw) => {
    const input = parsePayload(LookupInput, raw, 'lookup');
    // Taken before the first request: what is delivered while we read is for the next time.
    const startMs = nowMs();
    const firstDenyMs = Date.parse(input.firstDenyAt);
    const reachBackMs = firstDenyMs - lineageFromMs(input);
    const ask: Ask = (question, atLeastMs = 0) =>
      history.lookup({
        account: input.principal.account,
        ...question,
        fromMs: firstDenyMs - Math.max(reachBackMs, atLeastMs),
        toMs: startMs,
        maxPages: MAX_PAGES,
        onPage: (page) => beat({ region: question.region, page }),
      });
    const { answers, sessionKeyIds, all } = await READERS[input.principal.kind](input, { history, ask });

    const ours = input.principal.kind === 'root' ? await ownRootSessions(input, { ask, history, config: await organization() }) : new Set();
    const about = onceEach(answers).filter((record) => isAbout(record, input));
    const coveredUntilMs = startMs - input.waits.deliveryDelaySeconds * 1000;
    const judgement = judgeProof({
      records: about.filter((record) => !isLegitimate(record, input) && !ours.has(record.userIdentity.accessKeyId)),
      firstDenyMs,
      effectiveFromMs: Date.parse(input.effectiveFromAt),
      coveredUntilMs,
      nowMs: startMs,
      complete: all && answers.every((answer) => answer.complete || oldestMs(answer) + SECOND_MS <= Date.parse(input.effectiveFromAt)),
      configuration: input.configuration,
      waits: input.waits,
      regions: history.regions,
    });
    const pages = answers.reduce((sum, answer) => sum + answer.pages, 0);
    return {
      ...judgement,
      coveredUntilAt: new Date(coveredUntilMs).toISOString(),
      sessionKeyIds,
      descendants: await lineageOf(input, { about, recentCallers }),
      regions: [...history.regions],
      pages,
    };
  };
}

/**
 * Newest come first, so what is read reaches back to here, and the quiet time only needs to be read from effectiveFrom on. Of
 * the oldest second, more may be unread.
 */
function oldestMs({ records }: EventAnswer): number {
  return Math.min(...records.map(eventMs));
}

type Ask = (
  question: Pick<EventQuery, 'region' | 'attribute' | 'value'> & Partial<Pick<EventQuery, 'account'>>,
  reachBackMs?: number,
) => Promise<EventAnswer>;

/** Keys of the root sessions that we ourselves opened: only the account that calls AssumeRoot records whose they are (aws-domain 5.4). */
async function ownRootSessions(
  { principal }: LookupInput,
  { ask, history, config }: Reader & { readonly config: OrganizationConfig | undefined },
): Promise<ReadonlySet<string | undefined>> {
  if (config === undefined) return new Set();
  const question = { account: config.hubAccount, attribute: 'EventName', value: 'AssumeRoot' } as const;
  const answers = await Promise.all(history.regions.map((region) => ask({ ...question, region })));
  const ours = answers
    .flatMap(({ records }) => records)
    .filter((record) => callerArnOf(record)?.endsWith(`:${config.hubAccount}${OUR_ROLE}`) === true)
    .filter((record) => textAt(record, 'requestParameters.targetPrincipal') === principal.account);
  return new Set(ours.map(mintedKey));
}

/** Early looks reach back to before the first suspicious moment: for where the intruder went on before anybody knew. */
function lineageFromMs({ suspiciousSinceAt, firstDenyAt }: LookupInput): number {
  return suspiciousSinceAt === undefined ? Date.parse(firstDenyAt) - SLACK_MS : Date.parse(suspiciousSinceAt) - KNOWN_BEFORE_MS;
}

/** Where the intruder went on from here, and came from: calls since shortly before the first suspicious moment that made, became or opened something. */
async function lineageOf(
  input: LookupInput,
  { about, recentCallers }: { about: readonly CloudTrailRecord[]; recentCallers: RecentCallers },
): Promise<LookupResult['descendants']> {
  const { suspiciousSinceAt, callers = [], firstDenyAt, principal } = input;
  const sinceMs = Date.parse(suspiciousSinceAt ?? firstDenyAt);
  const planned = new Set(splitCallers(callers, sinceMs).known.map(({ sourceIp }) => sourceIp));
  const found = lineage(input, { about, holder: planned });
  if (found.every(({ fromHolder }) => fromHolder)) return found;
  // The intruder's own calls may have pushed the holder's out of what the plan has read.
  const before = await recentCallers(principal, sinceMs - KNOWN_BEFORE_MS);
  return lineage(input, { about, holder: new Set([...planned, ...before.callers.map(({ sourceIp }) => sourceIp)]) });
}

function lineage(
  input: LookupInput,
  { about, holder }: { about: readonly CloudTrailRecord[]; holder: ReadonlySet<string> },
): LookupResult['descendants'] {
  const { suspiciousSinceAt, firstDenyAt, principal } = input;
  const sinceMs = Date.parse(suspiciousSinceAt ?? firstDenyAt);
  // Roles that a user became are found by the keys it minted: what they did, they did.
  const isOwn = (record: CloudTrailRecord): boolean =>
    principal.kind !== 'user' || withoutPath(callerArnOf(record) ?? '') === withoutPath(principal.arn);
  const own = about.filter(isOwn);
  const since = own
    .filter((record) => eventMs(record) >= lineageFromMs(input))
    .flatMap((record) => descendantsOf(record, holder))
    .filter(({ eventAt, fromHolder }) => !fromHolder || Date.parse(eventAt) >= sinceMs - SECOND_MS);
  // A session is older than what was done with it.
  const before = own.flatMap((record) => ancestorOf(record, principal, holder));
  // Of itself only: others who become this role are not the intruder's sessions.
  const found = [...before, ...since].filter(({ arn, callerArn }) => arn !== principal.arn || callerArn === principal.arn);
  return found.toSorted((a, b) => byText(a.eventAt, b.eventAt)).slice(0, MAX_DESCENDANTS);
}

function onceEach(answers: readonly EventAnswer[]): CloudTrailRecord[] {
  const records = answers.flatMap((answer) => answer.records);
  return [...new Map(records.map((record) => [record.eventID, record])).values()];
}

interface Read {
  readonly answers: EventAnswer[];
  readonly sessionKeyIds: string[];
  /** Nothing that should be asked was left out. */
  readonly all: boolean;
}
interface Reader {
  readonly history: Pick<EventHistory, 'regions'>;
  readonly ask: Ask;
}

const READERS: Readonly<Record<LookupInput['principal']['kind'], (input: LookupInput, reader: Reader) => Promise<Read>>> = {
  user: readUser,
  role: readRole,
  // Sessions of Identity Center carry the person's name; the root user's calls are under `root`.
  identityCenterUser: readUser,
  root: (input, reader) => readUser({ ...input, principal: { ...input.principal, name: 'root' } }, reader),
};

/** By the user's name, then by the keys of the sessions it minted. */
async function readUser(input: LookupInput, { history, ask }: Reader): Promise<Read> {
  const answers = await Promise.all(history.regions.map((region) => ask({ region, attribute: 'Username', value: input.principal.name })));
  const records = answers.flatMap((answer) => answer.records);
  // Sessions of roles are judged with the role too: where there are too many, the user's own come first.
  const fromMs = Date.parse(input.firstDenyAt) - SLACK_MS;
  const isRoles = ({ eventName }: CloudTrailRecord): boolean => eventName.startsWith('AssumeRole');
  const ofRoles = new Set(sessionKeys(records.filter((record) => isRoles(record) && eventMs(record) >= fromMs).map(mintedKey)));
  const ofUser = records.filter((record) => !isRoles(record));
  const sessionKeyIds = sessionKeys([...input.accessKeyIds, ...ofUser.map(mintedKey), ...ofRoles]);
  const own = sessionKeyIds.filter((key) => !ofRoles.has(key));
  for (const key of [...own, ...ofRoles].slice(0, MAX_SESSIONS)) {
    for (const region of history.regions) answers.push(await ask({ region, attribute: 'AccessKeyId', value: key }));
  }
  return { answers, sessionKeyIds, all: own.length <= MAX_SESSIONS };
}

/** Who became the role while its sessions can still live, then what is done under the names of these sessions. */
async function readRole({ principal, sessions }: LookupInput, { history, ask }: Reader): Promise<Read> {
  const { regions } = history;
  const answers = await Promise.all(
    regions.map((region) => ask({ region, attribute: 'ResourceName', value: principal.arn }, ROLE_SESSION_MS)),
  );
  const issues = answers.flatMap(({ records }) => records.filter(({ eventName }) => eventName.startsWith('AssumeRole')));
  const issued = issues
    .filter(({ errorCode }) => errorCode === undefined)
    .map((record) => textAt(record, 'requestParameters.roleSessionName'));
  const names = distinct(sessions ?? issued);
  // A session that was issued in what is left unread may live through the whole quiet time.
  const allIssued = sessions !== undefined || answers.every(({ complete }) => complete);
  for (const name of names.slice(0, MAX_NAMES)) {
    for (const region of regions) answers.push(await ask({ region, attribute: 'Username', value: name }));
  }
  return { answers, sessionKeyIds: sessionKeys(issues.map(mintedKey)), all: allIssued && names.length <= MAX_NAMES };
}

/**
 * Whether a record tells of the principal itself. What others do to a role is found under its name too; of that only
 * the attempts to become the role count.
 */
function isAbout(record: CloudTrailRecord, { principal, sessions }: LookupInput): boolean {
  const { userIdentity } = record;
  if (principal.kind === 'root') return userIdentity.type === 'Root';
  if (principal.kind === 'identityCenterUser')
    return userIdentity.arn?.includes(':assumed-role/AWSReservedSSO_') === true && userIdentity.arn.endsWith(`/${principal.name}`);
  if (principal.kind !== 'role') return true;
  // Where only sessions of the intruder are stopped, the others go on and prove nothing.
  if (sessions !== undefined && !sessions.includes(sessionOf(record) ?? '')) return false;
  if (userIdentity.sessionContext?.sessionIssuer?.arn === principal.arn) return true;
  return record.eventName.startsWith('AssumeRole') && textAt(record, 'requestParameters.roleArn') === principal.arn;
}

/** The session of a role that calls, or that is asked for. */
function sessionOf(record: CloudTrailRecord): string | undefined {
  return record.userIdentity.principalId?.split(':')[1] ?? textAt(record, 'requestParameters.roleSessionName');
}

/** After recovery: the new keys, and sessions issued since. */
function isLegitimate(record: CloudTrailRecord, { issuedKeyIds, sessionsBeforeAt }: LookupInput): boolean {
  const { accessKeyId = '', sessionContext } = record.userIdentity;
  if (issuedKeyIds.includes(accessKeyId)) return true;
  const issuedAt = sessionContext?.attributes?.creationDate;
  if (sessionsBeforeAt === undefined) return false;
  if (issuedAt !== undefined) return Date.parse(issuedAt) >= Date.parse(sessionsBeforeAt);
  return record.eventName.startsWith('AssumeRole');
}

function mintedKey(record: CloudTrailRecord): string | undefined {
  return record.errorCode === undefined && record.eventSource === 'sts.amazonaws.com'
    ? record.responseElements?.credentials?.accessKeyId
    : undefined;
}

function sessionKeys(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids.filter((id): id is string => id?.startsWith('ASIA') === true))].toSorted();
}
