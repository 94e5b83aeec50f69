import { z } from 'zod';

/** Address and agent of somebody, as CloudTrail shows them. */
const appearance = { address: z.ipv4(), userAgent: z.string() };

/** What a workload works as: the session of a role that its user assumes, or what an instance or a function is handed. */
const workloadSource = z.union([
  z.strictObject({ user: z.string(), role: z.string(), sessionName: z.string() }),
  z.strictObject({ instance: z.string() }),
  z.strictObject({ function: z.string() }),
]);

/** Workloads beside the one whose key leaks, each from its usual address. */
export const WorkloadPlans = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[a-z][A-Za-z]+$/),
      ...appearance,
      everySeconds: z.number().positive(),
      source: workloadSource,
    }),
  )
  .default([]);

/** A parsed list of workloads. */
export type WorkloadPlans = z.output<typeof WorkloadPlans>;

/** Whom else an attacker may rob. Names of the account under attack; a person's assignment is in that account. */
export const TheftTargets = z.strictObject({
  /** A role, and the user with a key whom it trusts. */
  role: z.strictObject({ name: z.string(), source: z.string(), sessionName: z.string() }),
  /** Tag `Name` of a running instance. */
  instance: z.string(),
  function: z.string(),
  person: z.strictObject({ user: z.string(), permissionSet: z.string() }).optional(),
});

/** A parsed list of targets. */
export type TheftTargets = z.output<typeof TheftTargets>;

/** An administrator who works on users in the middle of an incident. */
export const OtherResponderPlan = z.strictObject({
  user: z.string(),
  ...appearance,
  everySeconds: z.number().positive(),
  newUser: z.string(),
  /** A user with one key, whose key is rotated. */
  rotates: z.string(),
});

/** A parsed plan of that administrator. */
export type OtherResponderPlan = z.output<typeof OtherResponderPlan>;
