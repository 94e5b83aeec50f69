import type { IncidentRecord } from '../contracts/record.js';
import type { Timeline } from '../contracts/timeline.js';

/** ALIVE is what can still be used against us; a contained credential may not have ended, but it is refused. */
export type Life = 'ALIVE' | 'contained' | 'dead' | 'removed by us';

/** What became of credentials and things after the timeline was read. */
export interface Fates {
  readonly lifeOf: (credential: Timeline['credentials'][number]) => Life;
  readonly isRemoved: (arnOrKey: string) => boolean;
}

/** Reads the fates from what was eradicated and what is proven contained. */
export function fatesOf({ eradicated, containments }: IncidentRecord, { credentials }: Pick<Timeline, 'credentials'>): Fates {
  const removed = new Set(eradicated.map(({ target }) => target));
  const contained = new Set(containments.filter(({ provenAt }) => provenAt !== undefined).map(({ principalArn }) => principalArn));
  const owners = new Map(credentials.map(({ id, principal }) => [id, principal]));
  // With a user or role go its keys and sessions.
  const isRemoved = (name: string): boolean => removed.has(name) || removed.has(owners.get(name) ?? '');
  return {
    isRemoved,
    lifeOf: ({ id, principal, alive }) => {
      if (isRemoved(id)) return 'removed by us';
      if (!alive) return 'dead';
      return contained.has(principal) ? 'contained' : 'ALIVE';
    },
  };
}
