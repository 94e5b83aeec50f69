import { z } from 'zod';
import { Instant } from '../../contracts/primitives.js';

/** A credential of a user beside its access keys and password. */
export const OtherCredential = z.strictObject({
  kind: z.enum(['serviceSpecific', 'sshKey', 'signingCertificate']),
  id: z.string(),
  status: z.string(),
  createdAt: Instant,
});
export type OtherCredential = z.infer<typeof OtherCredential>;

/**
 * An IAM user or role as read before anything is written (aws-domain 3). Parts that could not be read are
 * named in `notRead`: a snapshot is never a precondition of containment.
 */
export const PrincipalSnapshot = z.strictObject({
  kind: z.enum(['user', 'role']),
  account: z.string(),
  arn: z.string(),
  name: z.string(),
  uniqueId: z.string(),
  createdAt: Instant,
  tags: z.record(z.string(), z.string()),
  boundaryArn: z.string().optional(),
  keys: z.array(z.strictObject({ accessKeyId: z.string(), status: z.string(), createdAt: Instant })),
  inlinePolicies: z.array(z.strictObject({ name: z.string(), document: z.string() })),
  attachedPolicyArns: z.array(z.string()),
  groups: z.array(z.string()),
  consolePassword: z.boolean(),
  otherCredentials: z.array(OtherCredential),
  /** Trust policy of a role, as AWS has it. */
  trustPolicy: z.string().optional(),
  /** Is `policy/ir/IRQuarantine` there and does it deny everything? */
  quarantinePolicy: z.enum(['present', 'absent', 'unknown']),
  /** ARN of the identity that read this: our own. */
  readBy: z.string(),
  readAt: Instant,
  notRead: z.array(z.string()),
});
export type PrincipalSnapshot = z.infer<typeof PrincipalSnapshot>;
