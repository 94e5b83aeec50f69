import type { Clock } from '../clock/clock.js';
import type { Account } from '../iam/account.js';
import type { Organization } from '../organizations/organization.js';
import { parsePolicy } from '../policy/document.js';
import type { Random } from '../random/random.js';
import type { DirectoryUser, IdentityCenter, PermissionSet } from './identity-center.js';
import { createRequests } from './requests.js';
import { provision } from './reserved-roles.js';
import type { IdentityCenterPlan } from './scenario.js';

/** What an instance is made with. */
export interface IdentityCenterDeps {
  readonly organization: Organization;
  readonly clock: Clock;
  readonly random: Random;
}

const AGE_MS = 400 * 24 * 3_600_000;

/**
 * Makes an organization's Identity Center, with the assigned permission sets provisioned and in force.
 *
 * @throws Error when the plan names an account, user, permission set or policy that is not there
 */
export function createIdentityCenter(plan: IdentityCenterPlan, { organization, clock, random }: IdentityCenterDeps): IdentityCenter {
  const createdAt = clock.now() - AGE_MS;
  const { users } = plan;
  const permissionSets = plan.permissionSets.map(({ inlinePolicy, sessionHours, ...set }): PermissionSet => ({
    ...set,
    createdAt,
    sessionSeconds: sessionHours * 3600,
    inlinePolicy: inlinePolicy === undefined ? undefined : checked(inlinePolicy),
    version: 1,
    provisioned: new Map(),
  }));

  const assignments = plan.assignments.map(({ permissionSet: name, accountId, user: userName }) => ({
    permissionSet: found(permissionSets, { is: (one) => one.name === name, what: `permission set ${name}` }),
    accountId,
    user: found<DirectoryUser>(users, { is: (one) => one.userName === userName, what: `user ${userName}` }),
  }));
  for (const { permissionSet, accountId } of assignments) {
    const account = found<Account>(organization.accounts(), { is: ({ id }) => id === accountId, what: `account ${accountId}` });
    const own = random.fork(`${permissionSet.arn}/${accountId}`);
    provision({ account, random: own }, permissionSet, account.propagation.creation('scenario'));
  }

  const requests = createRequests({ clock, random: random.fork('requests') });
  return {
    instanceArn: plan.instanceArn,
    identityStoreId: plan.identityStoreId,
    region: plan.region,
    createdAt,
    organization,
    users,
    permissionSets,
    assignments: new Set(assignments),
    requests,
    stop: requests.stop,
  };
}

function checked(document: object): string {
  const text = JSON.stringify(document);
  parsePolicy(text);
  return text;
}

function found<T>(all: readonly T[], { is, what }: { is: (one: T) => boolean; what: string }): T {
  const one = all.find(is);
  if (one === undefined) throw new Error(`scenario: Identity Center names the unknown ${what}`);
  return one;
}
