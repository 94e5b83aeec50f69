import { z } from 'zod';

const accountId = z.string().regex(/^\d{12}$/);

const user = z.strictObject({
  /** As `identitystore:UserId` shows it. */
  id: z.string().regex(/^([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  userName: z.string().min(1).max(128),
  displayName: z.string(),
});

const permissionSet = z.strictObject({
  arn: z.string().regex(/^arn:aws:sso:::permissionSet\/ssoins-[0-9a-z]{16}\/ps-[0-9a-z]{16}$/),
  name: z.string().regex(/^[\w+=,.@-]{1,32}$/),
  description: z.string().default(''),
  managedPolicyArns: z.array(z.string()).default([]),
  inlinePolicy: z.record(z.string(), z.unknown()).optional(),
  /** Between 1 and 12 hours (IAM Identity Center user guide, "Set session duration for AWS accounts"). */
  sessionHours: z.number().int().min(1).max(12).default(1),
});

/** Who may do what where: permission sets by name, users by user name. */
const assignment = z.strictObject({ permissionSet: z.string(), accountId, user: z.string() });

/** The organization instance of IAM Identity Center that a scenario begins with. */
export const IdentityCenterPlan = z.strictObject({
  instanceArn: z.string().regex(/^arn:aws:sso:::instance\/ssoins-[0-9a-z]{16}$/),
  identityStoreId: z.string().regex(/^d-[0-9a-f]{10}$/),
  /** Its only region. */
  region: z.string().default('us-east-1'),
  users: z.array(user).default([]),
  permissionSets: z.array(permissionSet).default([]),
  assignments: z.array(assignment).default([]),
});

/** A parsed plan. */
export type IdentityCenterPlan = z.output<typeof IdentityCenterPlan>;
