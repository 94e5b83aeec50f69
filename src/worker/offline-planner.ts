import { createOwnIdentity } from '../../activities/aws/own-identity.js';
import { createPlanContainment } from '../../activities/aws/plan-containment.js';
import { createRecentCallers } from '../../activities/aws/recent-callers.js';
import { createResolvePrincipal } from '../../activities/aws/resolve-principal.js';
import { createAwsClients } from '../adapters/aws/clients.js';
import { createLookupEvents } from '../adapters/cloudtrail/lookup-events.js';
import type { Env } from '../config/env.js';
import type { Alert } from '../contracts/alert.js';
import type { Plan } from '../contracts/plan.js';
import type { Resolution } from '../contracts/principal.js';
import { createPolicies } from '../playbooks/load.js';
import { awsIdentities } from './aws-identities.js';
import { createEvidenceStores } from './evidence-stores.js';

/** Resolves and plans with the activities' own code and no Temporal: the way out when the tool is down (design 9). */
export interface OfflinePlanner {
  readonly resolve: (alert: Alert) => Promise<Resolution>;
  readonly plan: (input: { incidentId: string; alert: Alert; resolution: Extract<Resolution, { found: true }> }) => Promise<Plan>;
}

/** Reads AWS with the SDK's default credentials; writes nothing but the snapshot in the data folder. */
export function createOfflinePlanner(env: Env): OfflinePlanner {
  const { iam, sts, cloudTrail } = createAwsClients({ endpoint: env.awsEndpoint });
  const { rails, people } = createPolicies(env.policyDir);
  const now = (): string => new Date().toISOString();
  const ownIdentity = createOwnIdentity(sts);
  const recentCallers = createRecentCallers({
    history: createLookupEvents({ clientFor: cloudTrail, regions: env.awsRegions }),
    nowMs: Date.now,
  });
  const planContainment = createPlanContainment({
    iam,
    ownIdentity,
    recentCallers,
    rails,
    evidence: createEvidenceStores(env, awsIdentities(env, undefined)).evidence,
    now,
  });
  return {
    resolve: createResolvePrincipal({ iam, sts, ownIdentity, people, rails, now }),
    plan: ({ incidentId, alert, resolution }) => planContainment({ incidentId, principal: resolution.principal, alerts: [alert] }),
  };
}
