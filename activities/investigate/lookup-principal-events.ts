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
    const ask = (region: string, attribute: 'Username' | 'AccessKeyId', value: string): Promise<EventAnswer> =>
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

    const answers = await Promise.all(history.regions.map((region) => ask(region, 'Username', input.principal.name)));
    const sessionKeyIds = sessionKeys([...input.accessKeyIds, ...answers.flatMap(({ records }) => records.map(mintedKey))]);
    for (const key of sessionKeyIds.slice(0, MAX_SESSIONS)) {
      for (const region of history.regions) answers.push(await ask(region, 'AccessKeyId', key));
    }

    const records = new Map(
      answers.flatMap((answer) => answer.records).map((record): [string, CloudTrailRecord] => [record.eventID, record]),
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

function mintedKey(record: CloudTrailRecord): string | undefined {
  return record.errorCode === undefined && record.eventSource === 'sts.amazonaws.com'
    ? record.responseElements?.credentials?.accessKeyId
    : undefined;
}

function sessionKeys(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids.filter((id): id is string => id?.startsWith('ASIA') === true))].toSorted();
}
