import type { Account } from './account.js';
import type { ManagedPolicy, PolicyHolder } from './model.js';

/** Who has a managed policy, as a permissions policy or as a boundary. */
export type PolicyUsage = {
  readonly users: readonly PolicyHolder[];
  readonly groups: readonly PolicyHolder[];
  readonly roles: readonly PolicyHolder[];
  readonly boundedUsers: readonly PolicyHolder[];
  readonly boundedRoles: readonly PolicyHolder[];
};

/** Finds every principal a managed policy is attached to or bounds, as configured. */
export function usageOf(account: Account, { arn }: ManagedPolicy): PolicyUsage {
  const has = (holder: PolicyHolder): boolean => holder.attached.get(arn) !== undefined;
  return {
    users: account.users.list().filter(has),
    groups: account.groups.list().filter(has),
    roles: account.roles.list().filter(has),
    boundedUsers: account.users.list().filter(({ boundary }) => boundary.latest() === arn),
    boundedRoles: account.roles.list().filter(({ boundary }) => boundary.latest() === arn),
  };
}

/** The two counts that IAM shows with a managed policy. */
export function countsOf(account: Account, policy: ManagedPolicy): { attachments: number; boundaries: number } {
  const { users, groups, roles, boundedUsers, boundedRoles } = usageOf(account, policy);
  return { attachments: users.length + groups.length + roles.length, boundaries: boundedUsers.length + boundedRoles.length };
}
