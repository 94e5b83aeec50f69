import { createOwnIdentity } from '../../activities/aws/own-identity.js';
import { createPlanContainment } from '../../activities/aws/plan-containment.js';
import { createRecentCallers } from '../../activities/aws/recent-callers.js';
import { createResolvePrincipal } from '../../activities/aws/resolve-principal.js';
import { createLookupEvents } from '../adapters/cloudtrail/lookup-events.js';
import type { Env } from '../config/env.js';
import type { Alert } from '../contracts/alert.js';
import type { Plan } from '../contracts/plan.js';
import type { Resolution } from '../contracts/principal.js';
import { createPolicies } from '../playbooks/load.js';
import { createAwsAccess } from './aws-access.js';
import { awsIdentities } from './aws-identities.js';
import { createEvidenceStores } from './evidence-stores.js';

/** Resolves and plans with the activities' own code and no Temporal: the way out when the tool is down (design 9). */
export interface OfflinePlanner {
  readonly resolve: (alert: Alert) => Promise<Resolution>;
  readonly plan: (input: { incidentId: string; alert: Alert; resolution: Extract<Resolution, { found: true }> }) => Promise<Plan>;
}

/** Reads AWS with the SDK's default credentials; writes nothing but the snapshot in the data folder. */
export async function createOfflinePlanner(env: Env): Promise<OfflinePlanner> {
  const { rails, people, organization } = createPolicies(env.policyDir);
  const identities = awsIdentities(env, undefined);
  const access = createAwsAccess(identities, await organization());
  const now = (): string => new Date().toISOString();
  const ownIdentity = createOwnIdentity(access, 'Reader');
  const history = createLookupEvents({
    clientFor: (region, account) => access.cloudTrail({ account, role: 'Reader' }, region),
    regions: env.awsRegions,
  });
  const reads = { access, organization, regions: history.regions, history, ownIdentity, rails, now };
  const planContainment = createPlanContainment({
    ...reads,
    recentCallers: createRecentCallers({ history, nowMs: Date.now }),
    evidence: createEvidenceStores(env, identities).evidence,
  });
  return {
    resolve: createResolvePrincipal({ ...reads, people }),
    plan: ({ incidentId, alert, resolution }) => planContainment({ incidentId, principal: resolution.principal, alerts: [alert] }),
  };
}
