import { z } from 'zod';
import { Instant } from '../../contracts/primitives.js';

/**
 * An IAM user as read before anything is written (aws-domain 3). Parts that could not be read are
 * named in `notRead`: a snapshot is never a precondition of containment.
 */
export const UserSnapshot = z.strictObject({
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
  /** Is `policy/ir/IRQuarantine` there and does it deny everything? */
  quarantinePolicy: z.enum(['present', 'absent', 'unknown']),
  /** ARN of the identity that read this: our own. */
  readBy: z.string(),
  readAt: Instant,
  notRead: z.array(z.string()),
});
export type UserSnapshot = z.infer<typeof UserSnapshot>;
