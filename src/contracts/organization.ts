import { z } from 'zod';
import { AccountId, Id } from './primitives.js';

/**
 * `organization.yaml`: how the accounts hang together and where incident response reaches them. Without this file there is one
 * account, reached with the worker's own identity, and no SCP layer.
 */
export const OrganizationConfig = z.strictObject({
  version: z.string(),
  /** Account of the roles `ir/Orchestrator`, `ir/Reader` and `ir/Responder` that act on the organization itself. */
  hubAccount: AccountId,
  /** First hop, where the worker does not run as the orchestrator already. */
  orchestratorRoleArn: Id.optional(),
  /** Asked for by every spoke's trust policy. No secret: it stops the confused deputy. */
  externalId: z.string().min(2).max(1224),
  managementAccount: AccountId,
  /** The SCP that keeps everybody but `role/ir/*` from the quarantine policy. */
  guardPolicyId: Id.optional(),
  /** Prepared, attached SCPs with room for entries; the first with room is used. */
  quarantinePolicyIds: z.array(Id).max(9),
  identityCenter: z.strictObject({ instanceArn: Id, identityStoreId: Id, region: z.string().max(32) }).optional(),
});
export type OrganizationConfig = z.infer<typeof OrganizationConfig>;
