import type { LookupActivities, MainActivities, RespondActivities, RestoreActivities } from './index.js';
import type { ActivityDeps } from './activity-deps.js';
import { createLookupActivities } from './create-lookup.js';
import { createMainActivities } from './create-main.js';
import { createRespondActivities } from './create-respond.js';
import { createRestoreActivities } from './create-restore.js';
import { createShared } from './shared.js';

export type { ActivityDeps } from './activity-deps.js';

/** Activities by task queue, so that each worker offers only its own. */
export interface ActivitySets {
  readonly main: MainActivities;
  readonly respond: RespondActivities;
  readonly restore: RestoreActivities;
  readonly lookup: LookupActivities;
}

/** Makes every activity; each task queue has a file of its own. */
export function createActivities(deps: ActivityDeps): ActivitySets {
  const shared = createShared(deps);
  return {
    main: createMainActivities(deps, shared),
    respond: createRespondActivities(deps, shared),
    restore: createRestoreActivities(deps, shared),
    lookup: createLookupActivities(deps, shared),
  };
}
