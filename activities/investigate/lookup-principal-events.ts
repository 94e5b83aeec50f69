import { heartbeat } from '@temporalio/activity';
import { parsePayload } from '../../src/contracts/failures.js';
import { LookupInput, type LookupResult } from '../../src/contracts/watch.js';
import type { CloudTrailRecord } from '../../src/domain/cloudtrail/record.js';
import { judgeProof } from '../../src/domain/proof/judge.js';
import type { EventAnswer, EventHistory } from '../../src/ports/event-history.js';

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

/**
 * Reads what the principal did since the first deny and judges what it proves together with the configuration
 * (design 9.3). Every configured region, by user name and by the key ids of sessions it minted. Reading is
 * repeated whole after a crash: one question is at most a few pages. Needs `cloudtrail:LookupEvents`.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createLookupPrincipalEvents({ history, nowMs }: LookupPrincipalEventsDeps): (input: LookupInput) => Promise<LookupResult> {
  return async (raw) => {
    const input = parsePayload(LookupInput, raw, 'lookup');
    // Taken before the first request: what is delivered while we read is for the next time.
    const startMs = nowMs();
    const firstDenyMs = Date.parse(input.firstDenyAt);
    const ask = (region: string, attribute: 'Username' | 'AccessKeyId' | 'ResourceName', value: string): Promise<EventAnswer> =>
      history.lookup({
        account: input.principal.account,
        region,
        attribute,
        value,
        fromMs: firstDenyMs - SLACK_MS,
        toMs: startMs,
        maxPages: MAX_PAGES,
        onPage: (page) => heartbeat({ region, page }),
      });

    const isRole = input.principal.kind === 'role';
    const answers = await Promise.all(
      history.regions.map((region) =>
        ask(region, isRole ? 'ResourceName' : 'Username', isRole ? input.principal.arn : input.principal.name),
      ),
    );
    const minted = answers.flatMap(({ records: found }) => found.filter((record) => isAbout(record, input)).map(mintedKey));
    const sessionKeyIds = sessionKeys([...input.accessKeyIds, ...minted]);
    for (const key of sessionKeyIds.slice(0, MAX_SESSIONS)) {
      for (const region of history.regions) answers.push(await ask(region, 'AccessKeyId', key));
    }

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
      complete: answers.every((answer) => answer.complete) && sessionKeyIds.length <= MAX_SESSIONS,
      configuration: input.configuration,
      waits: input.waits,
      regions: history.regions,
    });
    const pages = answers.reduce((sum, answer) => sum + answer.pages, 0);
    return { ...judgement, coveredUntilAt: new Date(coveredUntilMs).toISOString(), sessionKeyIds, regions: [...history.regions], pages };
  };
}

/**
 * Whether a record tells of the principal itself. What others do to a role is found under its name too; of that only
 * the attempts to become the role count.
 */
function isAbout(record: CloudTrailRecord, { principal }: LookupInput): boolean {
  if (principal.kind !== 'role') return true;
  return record.userIdentity.sessionContext?.sessionIssuer?.arn === principal.arn || record.eventName.startsWith('AssumeRole');
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
