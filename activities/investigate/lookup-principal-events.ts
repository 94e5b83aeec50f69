import { heartbeat } from '@temporalio/activity';
import { parsePayload } from '../../src/contracts/failures.js';
import { LookupInput, type LookupResult } from '../../src/contracts/watch.js';
import type { CloudTrailRecord } from '../../src/domain/cloudtrail/record.js';
import { judgeProof } from '../../src/domain/proof/judge.js';
import { distinct, textAt } from '../../src/domain/lineage/values.js';
import type { EventAnswer, EventHistory, EventQuery } from '../../src/ports/event-history.js';

export interface LookupPrincipalEventsDeps {
  readonly history: EventHistory;
  readonly nowMs: () => number;
}

/** Events stamped up to this long before the first deny are read too: CloudTrail keeps whole seconds. */
const SLACK_MS = 60_000;
/** LookupEvents hands over past this (design 11); until then "not read to its end" is said, never "clean". */
const MAX_PAGES = 20;
/** Sessions whose own records are looked up by key id: federated ones do not carry the user's name. */
const MAX_SESSIONS = 5;
/** The longest a role session lives (IAM, MaxSessionDuration): one issued before the deny may still be used after it. */
const ROLE_SESSION_MS = 12 * 3_600_000;
/** Records of a role's sessions carry the session's name and not the role's: so many names are looked up. */
const MAX_NAMES = 8;

/**
 * Reads what the principal did since the first deny and judges what it proves together with the configuration
 * (design 9.3). Every configured region: of a user by name and by the keys of sessions it minted, of a role by who became it
 * and by the names of these sessions. Reading is repeated whole after a crash: one question is at most a few pages. Needs `cloudtrail:LookupEvents`.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createLookupPrincipalEvents({ history, nowMs }: LookupPrincipalEventsDeps): (input: LookupInput) => Promise<LookupResult> {
  return async (raw) => {
    const input = parsePayload(LookupInput, raw, 'lookup');
    // Taken before the first request: what is delivered while we read is for the next time.
    const startMs = nowMs();
    const firstDenyMs = Date.parse(input.firstDenyAt);
    const ask: Ask = (question, reachBackMs = SLACK_MS) =>
      history.lookup({
        account: input.principal.account,
        ...question,
        fromMs: firstDenyMs - reachBackMs,
        toMs: startMs,
        maxPages: MAX_PAGES,
        onPage: (page) => heartbeat({ region: question.region, page }),
      });
    const { answers, sessionKeyIds, all } = await (input.principal.kind === 'role' ? readRole : readUser)(input, { history, ask });

    const records = new Map(
      answers
        .flatMap((answer) => answer.records)
        .filter((record) => isAbout(record, input) && !isLegitimate(record, input))
        .map((record): [string, CloudTrailRecord] => [record.eventID, record]),
    );
    const coveredUntilMs = startMs - input.waits.deliveryDelaySeconds * 1000;
    const judgement = judgeProof({
      records: [...records.values()],
      firstDenyMs,
      effectiveFromMs: Date.parse(input.effectiveFromAt),
      coveredUntilMs,
      nowMs: startMs,
      complete: all && answers.every((answer) => answer.complete),
      configuration: input.configuration,
      waits: input.waits,
      regions: history.regions,
    });
    const pages = answers.reduce((sum, answer) => sum + answer.pages, 0);
    return { ...judgement, coveredUntilAt: new Date(coveredUntilMs).toISOString(), sessionKeyIds, regions: [...history.regions], pages };
  };
}

type Ask = (question: Pick<EventQuery, 'region' | 'attribute' | 'value'>, reachBackMs?: number) => Promise<EventAnswer>;

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

/** By the user's name, then by the keys of the sessions it minted. */
async function readUser(input: LookupInput, { history, ask }: Reader): Promise<Read> {
  const answers = await Promise.all(history.regions.map((region) => ask({ region, attribute: 'Username', value: input.principal.name })));
  const minted = answers.flatMap(({ records }) => records.map(mintedKey));
  const sessionKeyIds = sessionKeys([...input.accessKeyIds, ...minted]);
  for (const key of sessionKeyIds.slice(0, MAX_SESSIONS)) {
    for (const region of history.regions) answers.push(await ask({ region, attribute: 'AccessKeyId', value: key }));
  }
  return { answers, sessionKeyIds, all: sessionKeyIds.length <= MAX_SESSIONS };
}

/** Who became the role while its sessions can still live, then what is done under the names of these sessions. */
async function readRole({ principal }: LookupInput, { history, ask }: Reader): Promise<Read> {
  const { regions } = history;
  const answers = await Promise.all(
    regions.map((region) => ask({ region, attribute: 'ResourceName', value: principal.arn }, ROLE_SESSION_MS)),
  );
  const issues = answers.flatMap(({ records }) => records.filter(({ eventName }) => eventName.startsWith('AssumeRole')));
  const names = distinct(
    issues.filter(({ errorCode }) => errorCode === undefined).map((record) => textAt(record, 'requestParameters.roleSessionName')),
  );
  for (const name of names.slice(0, MAX_NAMES)) {
    for (const region of regions) answers.push(await ask({ region, attribute: 'Username', value: name }));
  }
  return { answers, sessionKeyIds: sessionKeys(issues.map(mintedKey)), all: names.length <= MAX_NAMES };
}

/**
 * Whether a record tells of the principal itself. What others do to a role is found under its name too; of that only
 * the attempts to become the role count.
 */
function isAbout(record: CloudTrailRecord, { principal }: LookupInput): boolean {
  if (principal.kind !== 'role') return true;
  if (record.userIdentity.sessionContext?.sessionIssuer?.arn === principal.arn) return true;
  return record.eventName.startsWith('AssumeRole') && textAt(record, 'requestParameters.roleArn') === principal.arn;
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
