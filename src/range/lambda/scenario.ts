import { z } from 'zod';
import type { Account } from '../iam/account.js';
import type { Functions } from './functions.js';

/** Lambda functions that a scenario begins with. */
export const FunctionPlans = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[\w-]{1,64}$/),
      role: z.string(),
      region: z.string().default('us-east-1'),
      ageDays: z.number().default(120),
    }),
  )
  .default([]);

/** What a scenario's `functions` say, parsed. */
export type FunctionPlans = z.output<typeof FunctionPlans>;

const DAY_MS = 24 * 3_600_000;

/** Sets up a scenario's functions. @throws Error for a role that the account does not have */
export function buildFunctions(
  functions: Functions,
  { account, plans, now }: { account: Account; plans: FunctionPlans; now: number },
): void {
  for (const { name, role, region, ageDays } of plans) {
    const roleArn = account.roles.find(role)?.arn;
    if (roleArn === undefined) throw new Error(`scenario: the function ${name} has the unknown role ${role}`);
    functions.add({ name, role, roleArn, region, modifiedAt: now - ageDays * DAY_MS, accountId: account.id });
  }
}
