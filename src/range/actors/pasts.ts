import type { Account } from '../iam/account.js';
import { firstKeyOf } from '../scenario/build-account.js';
import type { Scenario } from '../scenario/schema.js';
import type { Habit, Past } from './history.js';
import { roleArn } from './role-arn.js';

/** The regular callers' past: what the workloads and the innocent user have always done, from where they always do it. */
export function pastsOf(account: Account, scenario: Scenario): Past[] {
  const { benign, innocent, workloads } = scenario.cast;
  const benignHabits: Habit[] = [
    { service: 'sts', name: 'GetCallerIdentity', input: {} },
    { service: 'iam', name: 'GetUser', input: {} },
    { service: 'sts', name: 'AssumeRole', input: { RoleArn: roleArn(scenario, benign.role), RoleSessionName: 'deploy' } },
  ];
  const innocentHabits: Habit[] = [
    { service: 'iam', name: 'GetUser', input: {} },
    { service: 'cloudtrail', name: 'DescribeTrails', input: {} },
  ];
  const assuming = workloads.flatMap(({ source, address, userAgent }): Past[] => {
    if (!('user' in source)) return [];
    const input = { RoleArn: roleArn(scenario, source.role), RoleSessionName: source.sessionName };
    const habits = [{ service: 'sts', name: 'AssumeRole', input }];
    return [{ credential: firstKeyOf(account, source.user).key, address, userAgent, habits }];
  });
  return [
    { credential: firstKeyOf(account, benign.user).key, address: benign.address, userAgent: benign.userAgent, habits: benignHabits },
    {
      credential: firstKeyOf(account, innocent.user).key,
      address: innocent.address,
      userAgent: innocent.userAgent,
      habits: innocentHabits,
    },
    ...assuming,
  ];
}
