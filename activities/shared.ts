import { createOwnIdentity, type OwnIdentityOf } from './aws/own-identity.js';
import { createRecentCallers } from './aws/recent-callers.js';
import type { ActivityDeps } from './activity-deps.js';

/** What several activities share: who we are, what people and rails say, who used a principal lately. */
export interface Shared {
  readonly reads: Reads;
  readonly own: Readonly<Record<'responder' | 'restorer', OwnIdentityOf>>;
  readonly now: () => string;
  /** Our own roles and users in an account, as records name them; those that AWS would not tell are left out. */
  readonly ownArns: (account: string) => Promise<readonly string[]>;
  /** ARN that collects evidence: the same after every restart. */
  readonly collectedAs: () => Promise<string>;
}

type Reads = ReturnType<typeof readsOf>;

/** Makes the shared parts once, so that every activity of a worker sees the same. */
export function createShared(deps: ActivityDeps): Shared {
  const now = (): string => new Date(deps.nowMs()).toISOString();
  const own = { responder: createOwnIdentity(deps.access, 'Responder'), restorer: createOwnIdentity(deps.access, 'Restorer') };
  const collectedAs = async (): Promise<string> => stableArn((await own.responder(await homeAccount(deps))).arn);
  const reads = readsOf(deps, now);
  const ownArns = async (account: string): Promise<readonly string[]> => {
    const asked = await Promise.allSettled([reads.ownIdentity(account), own.responder(account), own.restorer(account)]);
    return asked.flatMap((answer) => (answer.status === 'fulfilled' ? [stableArn(answer.value.arn)] : []));
  };
  return { reads, own, now, ownArns, collectedAs };
}

function readsOf({ access, history, nowMs, policies: { rails, people, organization } }: ActivityDeps, now: () => string) {
  const recentCallers = createRecentCallers({ history, nowMs });
  const ownIdentity = createOwnIdentity(access, 'Reader');
  return { access, organization, regions: history.regions, history, ownIdentity, recentCallers, rails, people, nowMs, now };
}

/** The account that is meant where no principal says which. */
export async function homeAccount({ policies: { rails, organization } }: Pick<ActivityDeps, 'policies'>): Promise<string> {
  return (await organization())?.hubAccount ?? (await rails()).accounts[0] ?? '';
}

/** The role behind a session: the same after every restart, and what records name as the session's issuer. */
export function stableArn(arn: string): string {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? arn : `arn:${partition}:iam::${account}:role/${role}`;
}
