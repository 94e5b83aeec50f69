import { z } from 'zod';
import { Principal } from './principal.js';
import { Id, Instant, Jws } from './primitives.js';

/** Result of `planRecovery`: new credentials for a principal that keeps working. */
export const RecoveryPlan = z.strictObject({
  principal: Principal,
  /** Where the new secret goes, in the principal's account. */
  secretName: Id,
  /** Keys the user has: what is not among them later was made since. */
  keysBefore: z.array(z.strictObject({ accessKeyId: Id, status: z.enum(['Active', 'Inactive']), createdAt: Instant })),
  /** AWS takes two keys per user: with two, one must go first. */
  atKeyLimit: z.boolean(),
  plannedAt: Instant,
});
export type RecoveryPlan = z.infer<typeof RecoveryPlan>;

/** Input of `planRecovery`. */
export const PlanRecoveryInput = z.strictObject({ incidentId: Id, principal: Principal });
export type PlanRecoveryInput = z.infer<typeof PlanRecoveryInput>;

/** Input of `issueCredential`. */
export const IssueInput = z.strictObject({
  incidentId: Id,
  plan: RecoveryPlan,
  /** The containment plan that the consents to *recover* name. */
  planSha256: z.string().length(64),
  consents: z.array(Jws),
});
export type IssueInput = z.infer<typeof IssueInput>;

/** Result of `issueCredential`. The secret itself is in Secrets Manager and nowhere else. */
export const IssuedCredential = z.strictObject({
  principalArn: Id,
  accessKeyId: Id,
  secretArn: Id,
  secretVersionId: Id,
  issuedAt: Instant,
  /** How it was seen to work. */
  verifiedBy: z.string(),
  /** Keys of our own that a crash had left without a stored secret. */
  orphansRemoved: z.array(z.string()),
});
export type IssuedCredential = z.infer<typeof IssuedCredential>;

/** Result of `checkControls`: what the account lacks of S003's added controls. */
export const ControlFinding = z.strictObject({
  control: z.enum(['mfa', 'permissionsBoundary', 'guardDuty', 'ipRestriction']),
  present: z.boolean(),
  detail: z.string(),
  commands: z.array(z.string()),
});
export type ControlFinding = z.infer<typeof ControlFinding>;
