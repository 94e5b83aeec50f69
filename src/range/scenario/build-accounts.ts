import type { Clock } from '../clock/clock.js';
import { createPropagation, type Propagation } from '../facets/propagation.js';
import { createAccount, type Account } from '../iam/account.js';
import { createOrganization, type Organization } from '../organizations/organization.js';
import { readServiceControlPolicy } from '../organizations/policy-content.js';
import { parsePolicy } from '../policy/document.js';
import type { Random } from '../random/random.js';
import type { RangeOptions } from '../range.js';
import { buildAccount } from './build-account.js';
import type { OrganizationPlan } from './organization-schema.js';
import type { AccountContents, Scenario } from './schema.js';

/** What accounts are built with. */
export interface AccountsDeps {
  readonly options: RangeOptions;
  readonly clock: Clock;
  readonly random: Random;
}

/** The accounts of a scenario: the one under attack, and all of them. */
export interface BuiltAccounts {
  readonly account: Account;
  readonly all: readonly Account[];
  readonly organization: Organization | undefined;
}

/**
 * Builds the accounts of a scenario and the organization they are in. The attacker's own key lies in the table of the account
 * under attack: his account is not played.
 *
 * @throws Error when the scenario names something that is not there
 */
export function buildAccounts(scenario: Scenario, deps: AccountsDeps): BuiltAccounts {
  const { clock, random } = deps;
  const account = built({ scenario, plan: { ...scenario, ...scenario.account } }, { ...deps, random });
  const issuedAt = Math.floor(clock.now() / 1000) * 1000;
  account.credentials.issue({ bearer: { kind: 'outside', ...scenario.cast.opportunist.outside }, issuedAt });
  const others = scenario.accounts.map((plan) => built({ scenario, plan }, { ...deps, random: random.fork(plan.id) }));
  const all = [account, ...others];
  if (scenario.organization === undefined) return { account, all, organization: undefined };
  const propagation = propagationOf(scenario, { ...deps, random: random.fork('organization') });
  return { account, all, organization: buildOrganization(scenario.organization, { accounts: all, propagation }) };
}

function built(
  { scenario, plan }: { scenario: Scenario; plan: AccountContents & { readonly id: string; readonly alias: string } },
  deps: AccountsDeps,
): Account {
  const { options, clock, random } = deps;
  const { id, alias } = plan;
  const account = createAccount({ id, alias, clock, random: random.fork('account'), propagation: propagationOf(scenario, deps) });
  buildAccount(account, plan, { now: clock.now(), quarantinePolicyPresent: options.quarantinePolicyPresent ?? true });
  return account;
}

function propagationOf(scenario: Scenario, { options, clock, random }: AccountsDeps): Propagation {
  const lag = options.propagationSeconds ?? scenario.propagationSeconds;
  return createPropagation({ clock, random: random.fork('propagation'), lag, staleReads: options.staleReads ?? false });
}

function buildOrganization(
  { id, root, managementAccount, delegatedAccount, organizationalUnits, policies, resourcePolicy }: OrganizationPlan,
  { accounts, propagation }: { accounts: readonly Account[]; propagation: Propagation },
): Organization {
  const organization = createOrganization({
    id,
    rootId: root,
    managementAccountId: managementAccount,
    delegatedAccountId: delegatedAccount,
    units: organizationalUnits,
    accounts,
    propagation,
  });
  for (const known of [managementAccount, delegatedAccount, ...organizationalUnits.flatMap((unit) => unit.accounts)])
    if (organization.account(known) === undefined) throw new Error(`scenario: the organization names the unknown account ${known}`);
  const stamp = propagation.creation('scenario');
  for (const { id: policyId, name = policyId, document, targets } of policies) {
    if (document === undefined) throw new Error(`scenario: the policy ${policyId} has no document`);
    const content = JSON.stringify(document);
    readServiceControlPolicy(content);
    const policy = organization.addPolicy({ id: policyId, name, content });
    for (const target of targets) {
      if (!organization.isTarget(target)) throw new Error(`scenario: the policy ${policyId} has the unknown target ${target}`);
      policy.targets.set(target, true, stamp);
    }
  }
  if (typeof resourcePolicy === 'string') throw new Error(`scenario: no template has the resource policy ${resourcePolicy}`);
  if (resourcePolicy !== undefined) {
    const text = JSON.stringify(resourcePolicy);
    parsePolicy(text, 'resource');
    organization.resourcePolicy.set(text, stamp);
  }
  return organization;
}
