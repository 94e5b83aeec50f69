import { ApplicationFailure } from '@temporalio/common';
import { canonicalJson } from '../../../src/domain/canonical-json.js';
import type { CollectTools, GatheredFile, Params } from './collector.js';

/** Answers of AWS to a caller who lacks a permission, or an account that has not switched a service on. */
const REFUSALS = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'OptInRequired',
  'SubscriptionRequiredException',
]);
const MAX_REASON = 300;

/** Why AWS would not let us read, in its words; `undefined` for every other failure. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const isOurs = error instanceof ApplicationFailure && error.type === 'PermissionDenied';
  return isOurs || REFUSALS.has(error.name) ? `${error.name}: ${error.message}`.slice(0, MAX_REASON) : undefined;
}

/** The calls that one file is made of. */
export interface CallTrail {
  /** Sends one request: beats before it, keeps its id. */
  send<T extends { readonly $metadata: { readonly requestId?: string | undefined } }>(request: () => Promise<T>): Promise<T>;
  /** Closes the trail and makes the file. */
  file(facts: FileFacts): GatheredFile;
}

/** What a file is besides its calls. `content` is written as canonical JSON. */
export type FileFacts = {
  readonly name: string;
  readonly api: string;
  readonly params: Params;
  readonly region: string;
  readonly content: unknown;
  readonly rows: number;
  readonly truncated?: boolean;
};

/** Starts to keep the calls of one file. */
export function startTrail({ now, onCall }: Pick<CollectTools, 'now' | 'onCall'>): CallTrail {
  const startedAt = now();
  const requestIds: string[] = [];
  return {
    send: async (request) => {
      onCall();
      const answer = await request();
      if (answer.$metadata.requestId !== undefined) requestIds.push(answer.$metadata.requestId);
      return answer;
    },
    file: ({ content, truncated = false, ...facts }) => ({
      ...facts,
      truncated,
      extension: 'json',
      content: jsonText(content),
      requestIds,
      startedAt,
      endedAt: now(),
    }),
  };
}

/** Canonical JSON of what an SDK answered: its dates are objects until they are written once. */
export function jsonText(value: unknown): string {
  const plain: unknown = JSON.parse(JSON.stringify(value) ?? 'null');
  return canonicalJson(plain);
}

/** What was read by region, and which regions refused. */
export type ByRegion<T> = { readonly found: readonly T[]; readonly refused: readonly string[] };

/**
 * Reads every region in turn; a region that refuses is noted.
 *
 * @throws whatever is no refusal
 */
export async function inEachRegion<T>(regions: readonly string[], read: (region: string) => Promise<T>): Promise<ByRegion<T>> {
  const found: T[] = [];
  const refused: string[] = [];
  for (const region of regions) {
    try {
      found.push(await read(region));
    } catch (error) {
      const why = refusalOf(error);
      if (why === undefined) throw error;
      refused.push(`${region}: ${why}`);
    }
  }
  return { found, refused };
}

/** Reads pages until there is no token, or until the cap. */
export async function readPages<T>(
  readPage: (token: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
  { maxItems }: { maxItems: number },
): Promise<{ items: T[]; truncated: boolean }> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const page = await readPage(token);
    items.push(...page.items);
    token = page.next;
  } while (token !== undefined && items.length < maxItems);
  return { items: items.slice(0, maxItems), truncated: token !== undefined || items.length > maxItems };
}
