import type { Scenario } from '../scenario/schema.js';

/** The ARN of a role without a path in the account under attack. */
export function roleArn({ account }: Pick<Scenario, 'account'>, name: string): string {
  return `arn:aws:iam::${account.id}:role/${name}`;
}
