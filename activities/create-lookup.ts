import { heartbeat } from '@temporalio/activity';
import { createCollectEvidence } from './evidence/collect-evidence.js';
import type { LookupActivities } from './index.js';
import { createBuildTimeline } from './investigate/build-timeline.js';
import { createGatherer } from './investigate/gather-records.js';
import { createLookupPrincipalEvents } from './investigate/lookup-principal-events.js';
import type { ActivityDeps } from './activity-deps.js';
import { homeAccount, type Shared, stableArn } from './shared.js';

/** This program, in the notes of what it collected. */
const TOOL = 'tourniquet';

/** Lookup task queue: CloudTrail at its own pace, one worker. */
export function createLookupActivities(deps: ActivityDeps, { own, now, collectedAs }: Shared): LookupActivities {
  const { history, evidence, working, nowMs } = deps;
  const ownArns = async (): Promise<string[]> =>
    (await Promise.all([own.responder(await homeAccount(deps)), own.restorer(await homeAccount(deps))])).map(({ arn }) => stableArn(arn));
  return {
    lookupPrincipalEvents: createLookupPrincipalEvents({ history, organization: deps.policies.organization, nowMs, beat: heartbeat }),
    buildTimeline: createBuildTimeline({ history, working, ownArns, nowMs }),
    collectEvidence: createCollectEvidence({
      evidence,
      working,
      clients: deps.evidenceClients,
      regions: history.regions,
      gatherRecords: (input) => createGatherer(history).gather(input),
      collectedAs,
      tool: TOOL,
      now,
    }),
  };
}
