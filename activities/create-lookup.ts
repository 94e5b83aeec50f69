import { heartbeat } from '@temporalio/activity';
import { createCollectEvidence } from './evidence/collect-evidence.js';
import type { LookupActivities } from './index.js';
import { createBuildTimeline } from './investigate/build-timeline.js';
import { createGatherer } from './investigate/gather-records.js';
import { createLookupPrincipalEvents } from './investigate/lookup-principal-events.js';
import type { ActivityDeps } from './activity-deps.js';
import { type Shared, stableArn } from './shared.js';

/** This program, in the notes of what it collected. */
const TOOL = 'tourniquet';

/** Lookup task queue: CloudTrail at its own pace, one worker. */
export function createLookupActivities(deps: ActivityDeps, { own, reads, now, collectedAs }: Shared): LookupActivities {
  const { history, evidence, working, nowMs } = deps;
  /** The hub has no Restorer, and the management account none of our roles (`src/deploy/aws`). */
  const ownArns = async (accounts: readonly string[]): Promise<string[]> => {
    const config = await deps.policies.organization();
    const spokes = accounts.filter((account) => account !== config?.hubAccount && account !== config?.managementAccount);
    const identities = await Promise.all([
      ...spokes.flatMap((account) => [own.responder(account), own.restorer(account)]),
      ...(config === undefined ? [] : [own.responder(config.hubAccount)]),
    ]);
    return identities.map(({ arn }) => stableArn(arn));
  };
  return {
    lookupPrincipalEvents: createLookupPrincipalEvents({ ...reads, beat: heartbeat }),
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
