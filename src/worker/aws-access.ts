import { createDirectAccess, createSpokeAccess, type SdkAccess } from '../adapters/aws/access.js';
import type { OrganizationConfig } from '../contracts/organization.js';
import type { AwsIdentities } from './aws-identities.js';

/** The accounts of the organization through their roles; without `organization.yaml` the one account of the worker's identities. */
export function createAwsAccess(identities: AwsIdentities, organization: OrganizationConfig | undefined): SdkAccess {
  const { orchestrator, responder, restorer } = identities;
  if (organization === undefined) return createDirectAccess({ Reader: responder, Responder: responder, Restorer: restorer });
  return createSpokeAccess({ base: orchestrator, organization, nowMs: Date.now });
}
