import { createOwnIdentity, type OwnIdentity } from './aws/own-identity.js';
import { createRecentCallers } from './aws/recent-callers.js';
import type { ActivityDeps } from './activity-deps.js';

/** What several activities share: who we are, what people and rails say, who used a principal lately. */
export interface Shared {
  readonly reads: Reads;
  readonly own: Readonly<Record<'responder' | 'restorer', () => Promise<OwnIdentity>>>;
  readonly now: () => string;
  /** ARN that collects evidence: the same after every restart. */
  readonly collectedAs: () => Promise<string>;
}

type Reads = ReturnType<typeof readsOf>;

/** Makes the shared parts once, so that every activity of a worker sees the same. */
export function createShared(deps: ActivityDeps): Shared {
  const now = (): string => new Date(deps.nowMs()).toISOString();
  const own = { responder: createOwnIdentity(deps.responder.sts), restorer: createOwnIdentity(deps.restorer.sts) };
  return { reads: readsOf(deps, now), own, now, collectedAs: async () => stableArn((await own.responder()).arn) };
}

function readsOf({ reader, history, nowMs, policies: { rails, people } }: ActivityDeps, now: () => string) {
  const recentCallers = createRecentCallers({ history, nowMs });
  return { ...reader, ownIdentity: createOwnIdentity(reader.sts), recentCallers, rails, people, now };
}

/** The role behind a session: the same after every restart, and what records name as the session's issuer. */
export function stableArn(arn: string): string {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? arn : `arn:${partition}:iam::${account}:role/${role}`;
}
