/** Where Jira is and how we sign in. Comes from the environment (`src/config/env.ts`); never logged. */
export interface JiraSettings {
  /** `https://<site>.atlassian.net`, or where a proxy puts it. */
  readonly url: string;
  /** Account the API token belongs to. */
  readonly email: string;
  readonly token: string;
  /** Key of the project that incidents go to. */
  readonly project: string;
  /** Name of the issue type of an incident. */
  readonly issueType: string;
}

/** Outside world and waits; tests bring their own. */
export interface JiraTuning {
  readonly fetch?: typeof fetch;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly nowMs?: () => number;
  /** Bound of one request. Jira has none of its own (range.md 3). */
  readonly requestMs?: number;
  /** Time in which a request that was cut off may still take effect and enter the search index. */
  readonly settleMs?: number;
  /** The same where the answer does not come from the index. */
  readonly lateMs?: number;
}

/** Jira answers a create in 1 to 2 s; 10 s is a dead one. */
export const REQUEST_MS = 10_000;
/** A request lands within its own bound or not at all; the index was seen to lag 5 s, so twice that on top. */
export const SETTLE_MS = REQUEST_MS + 10_000;
export const LATE_MS = REQUEST_MS;
