import { canonicalJson } from '../../src/domain/canonical-json.js';
import type { EventHistory, EventQuery } from '../../src/ports/event-history.js';

/** What to ask the event history for. Times are epoch ms. */
export interface GatherInput {
  readonly account: string;
  readonly accessKeyIds: readonly string[];
  readonly userNames: readonly string[];
  /** Names or ARNs of users, roles and policies: who touched them, and who assumed the roles. */
  readonly resourceNames?: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Default `investigation`: proof goes first. */
  readonly priority?: EventQuery['priority'];
  /** Called before each page; may throw to stop. */
  readonly onPage?: () => void;
}

/** Whole records, each once, and how completely they were read. */
export interface Gathered {
  readonly records: readonly unknown[];
  readonly pages: number;
  readonly requestIds: readonly string[];
  readonly regions: readonly string[];
  readonly complete: boolean;
  readonly notes: readonly string[];
}

/** LookupEvents hands over past this (design 11); what lies behind is named as a gap, never passed over. */
const MAX_PAGES = 20;

type Question = Pick<EventQuery, 'attribute' | 'value' | 'region'>;

/** Asks each question once, however often the gathering widens. */
export interface Gatherer {
  /** Adds what is new to ask, and returns all records so far. */
  gather(input: GatherInput): Promise<Gathered>;
}

/**
 * Gathers CloudTrail records by key, user name and resource over every configured region. Investigation yields to
 * proof: LookupEvents takes 2 requests a second per account and region. Needs `cloudtrail:LookupEvents`.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createGatherer(history: EventHistory): Gatherer {
  const asked = new Set<string>();
  const records = new Map<string, unknown>();
  const requestIds: string[] = [];
  const notes: string[] = [];
  let pages = 0;

  async function ask(question: Question, input: GatherInput): Promise<void> {
    const { account, fromMs, toMs, onPage, priority = 'investigation' } = input;
    const answer = await history.lookup({
      ...question,
      account,
      fromMs,
      toMs,
      maxPages: MAX_PAGES,
      priority,
      ...(onPage === undefined ? {} : { onPage: () => onPage() }),
    });
    pages += answer.pages;
    requestIds.push(...answer.requestIds);
    for (const record of answer.records) records.set(record.eventID, record);
    if (!answer.complete)
      notes.push(`${question.region}: only the newest ${MAX_PAGES * 50} events of ${question.attribute} ${question.value}`);
  }

  return {
    gather: async (input) => {
      const fresh = questionsOf(input, history.regions).filter((question) => !asked.has(canonicalJson(question)));
      await Promise.all(
        history.regions.map(async (region) => {
          for (const question of fresh.filter((one) => one.region === region)) {
            await ask(question, input);
            asked.add(canonicalJson(question));
          }
        }),
      );
      return {
        records: [...records.values()],
        pages,
        requestIds: [...requestIds],
        regions: [...history.regions],
        complete: notes.length === 0,
        notes: [...notes],
      };
    },
  };
}

function questionsOf({ accessKeyIds, userNames, resourceNames = [] }: GatherInput, regions: readonly string[]): Question[] {
  return regions.flatMap((region) => [
    ...userNames.map((value) => ({ region, attribute: 'Username' as const, value })),
    ...accessKeyIds.map((value) => ({ region, attribute: 'AccessKeyId' as const, value })),
    ...resourceNames.map((value) => ({ region, attribute: 'ResourceName' as const, value })),
  ]);
}
