import { z } from 'zod';

const Entity = z.strictObject({
  arn: z.string(),
  id: z.string(),
  /** Epoch ms. */
  createdMs: z.number(),
  /** Hash of its policies, memberships and boundary, without what incident response puts there. */
  policies: z.string(),
  /** Hash of a role's trust policy; '' for a user. */
  trust: z.string(),
});

/** One account's users, roles and managed policies at one moment, as far as access can grow by them. */
export const AccountState = z.strictObject({
  readAt: z.string(),
  users: z.array(Entity),
  roles: z.array(Entity),
  /** Customer managed policies: which version is in force. */
  policies: z.array(z.strictObject({ arn: z.string(), createdMs: z.number(), defaultVersion: z.string() })),
  /** False when there was more than was read. */
  complete: z.boolean(),
});
export type AccountState = z.infer<typeof AccountState>;
export type AccountEntity = z.infer<typeof Entity>;
