import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import { addAwsManagedPolicies } from '../iam/managed-policies.js';
import type { PolicyHolder, User } from '../iam/model.js';
import { parsePolicy } from '../policy/document.js';
import type { AccountContents } from './schema.js';

/** How a scenario's account may be changed when it is built. */
export type BuildOptions = { readonly now: number; readonly quarantinePolicyPresent: boolean };

const DAY_MS = 24 * 3_600_000;

/** Fills an empty account with a scenario's principals and policies, all in force at once. */
export function buildAccount(account: Account, contents: AccountContents, { now, quarantinePolicyPresent }: BuildOptions): void {
  const bornAt = (days: number): { createdAt: number } => ({ createdAt: now - days * DAY_MS });
  addAwsManagedPolicies(account);
  for (const { name, path, ageDays, description, document, isQuarantine } of contents.policies) {
    if (isQuarantine && !quarantinePolicyPresent) continue;
    account.addPolicy({ name, path, ...bornAt(ageDays), description, document: checked(document) });
  }
  for (const { name, path, ageDays, ...policies } of contents.groups)
    addPolicies(account, account.addGroup({ name, path, ...bornAt(ageDays) }), policies);
  for (const { name, path, ageDays, trust, description, maxSessionSeconds, boundary, ...policies } of contents.roles) {
    const role = account.addRole({ name, path, ...bornAt(ageDays), trust: checked(trust, 'trust'), description, maxSessionSeconds });
    addPolicies(account, role, policies);
    if (boundary !== undefined) role.boundary.set(boundary, account.propagation.creation('scenario'));
  }
  for (const plan of contents.users) addUser(account, { plan, now });
  addRootCredentials(account, { plan: contents.rootUser, now });
}

function addUser(account: Account, { plan, now }: { plan: AccountContents['users'][number]; now: number }): void {
  const stamp = account.propagation.creation('scenario');
  const createdAt = now - plan.ageDays * DAY_MS;
  const user = account.addUser({ name: plan.name, path: plan.path, createdAt });
  addPolicies(account, user, plan);
  for (const [key, value] of Object.entries(plan.tags)) user.tags.set(key, value, stamp);
  for (const group of plan.groups) {
    if (account.groups.find(group) === undefined) throw new Error(`scenario: user ${plan.name} is in the unknown group ${group}`);
    user.groups.set(group, true, stamp);
  }
  if (plan.hasPassword) user.loginProfile.set({ createdAt, resetRequired: false }, stamp);
  for (const { status, ageDays } of plan.keys)
    account.credentials.issue({
      bearer: { kind: 'user', user },
      issuedAt: Math.floor((now - ageDays * DAY_MS) / 1000) * 1000,
      fixed: { status },
    });
}

function addRootCredentials(account: Account, { plan, now }: { plan: AccountContents['rootUser']; now: number }): void {
  if (plan === undefined) return;
  const stamp = account.propagation.creation('scenario');
  const { root } = account;
  const createdAt = now - plan.ageDays * DAY_MS;
  if (plan.hasPassword) root.loginProfile.set({ createdAt, resetRequired: false }, stamp);
  if (plan.hasMfa) {
    // A security key: unlike a virtual device it is not a thing of the account that can be listed and deleted.
    const serialNumber = `arn:aws:iam::${account.id}:u2f/root-account/vault-1`;
    root.mfaDevices.set(serialNumber, { serialNumber, enabledAt: createdAt }, stamp);
  }
  if (plan.hasKey)
    account.credentials.issue({ bearer: { kind: 'root', accountId: account.id }, issuedAt: Math.floor(createdAt / 1000) * 1000 });
}

function addPolicies(
  account: Account,
  holder: PolicyHolder,
  { inline, attached }: Pick<AccountContents['users'][number], 'inline' | 'attached'>,
): void {
  const stamp = account.propagation.creation('scenario');
  for (const [name, document] of Object.entries(inline)) holder.inline.set(name, checked(document), stamp);
  for (const arn of attached) {
    const policy = account.findPolicy(arn);
    if (policy === undefined) throw new Error(`scenario: ${holder.name} has the unknown policy ${arn}`);
    holder.attached.set(policy.arn, policy.name, stamp);
  }
}

function checked(document: object, kind: 'identity' | 'trust' = 'identity'): string {
  const text = JSON.stringify(document);
  parsePolicy(text, kind);
  return text;
}

/** The first key the scenario gave a user. */
export function firstKeyOf(account: Account, userName: string): { user: User; key: Credential } {
  const user = account.users.find(userName);
  const key = account.credentials
    .all()
    .find(({ bearer, session }) => session === undefined && bearer.kind === 'user' && bearer.user === user);
  if (user === undefined || key === undefined) throw new Error(`scenario: user ${userName} needs a key`);
  return { user, key };
}

/** The attacker's key in his own account. */
export function outsideKeyOf(account: Account): Credential {
  const key = account.credentials.all().find(({ bearer }) => bearer.kind === 'outside');
  if (key === undefined) throw new Error('scenario: nobody is outside');
  return key;
}
