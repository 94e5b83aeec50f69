import { Facet, type View } from '../facets/facet.js';
import { FacetMap } from '../facets/facet-map.js';
import type { Propagation } from '../facets/propagation.js';
import type { Account } from '../iam/account.js';
import { readStored, type Moment } from '../iam/effective-policies.js';
import type { NamedPolicy } from '../policy/evaluate.js';
import { createFullAwsAccess, createScp, type Scp, type ScpBirth } from './policy.js';

/** An organizational unit. All of them hang directly on the root. */
export type OrganizationalUnit = { readonly id: string; readonly name: string };

/** The simulated organization: accounts, units, and the service control policies between them. */
export interface Organization {
  /** `o-…` */
  readonly id: string;
  /** `r-…` */
  readonly rootId: string;
  readonly managementAccountId: string;
  /** Delegated administrator of Organizations, Identity Center and centralized root access: the security account. */
  readonly delegatedAccountId: string;
  readonly propagation: Propagation;
  readonly units: readonly OrganizationalUnit[];
  /** The root or unit each account hangs on, by account id. */
  readonly parents: FacetMap<string>;
  /** Who besides the management account may call Organizations; undefined when nobody. */
  readonly resourcePolicy: Facet<string | undefined>;
  accounts(): readonly Account[];
  account(id: string): Account | undefined;
  /** The policies that are there as a reader sees them, by id. */
  policies(view?: View): Scp[];
  policy(id: string, view?: View): Scp | undefined;
  addPolicy(birth: ScpBirth): Scp;
  /** Whether an id is the root, a unit or an account. */
  isTarget(id: string): boolean;
  /**
   * The SCPs that bind an account, level by level from the root to the account; undefined where none do (the management
   * account: Organizations user guide, "SCP effects on permissions").
   */
  scpLevels(accountId: string, moment: Moment): readonly (readonly NamedPolicy[])[] | undefined;
}

/** What an organization is made of. */
export type OrganizationPlan = Pick<Organization, 'id' | 'rootId' | 'managementAccountId' | 'delegatedAccountId' | 'propagation'> & {
  readonly accounts: readonly Account[];
  readonly units: readonly (OrganizationalUnit & { readonly accounts: readonly string[] })[];
};

/** Makes an organization in which only `FullAWSAccess` is attached, everywhere, and tells its accounts that they belong to it. */
export function createOrganization({ accounts, units, ...identity }: OrganizationPlan): Organization {
  const { id, rootId, managementAccountId, propagation } = identity;
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const known: Scp[] = [];
  const parents = new FacetMap<string>();
  const stamp = propagation.creation('scenario');
  for (const account of byId.keys()) parents.set(account, units.find((unit) => unit.accounts.includes(account))?.id ?? rootId, stamp);

  const isTarget = (target: string): boolean => target === rootId || byId.has(target) || units.some((unit) => unit.id === target);
  const policies = (view: View = 'latest'): Scp[] =>
    known.filter(({ exists }) => exists.seen(view)).sort((left, right) => (left.id < right.id ? -1 : 1));

  const fullAccess = createFullAwsAccess();
  for (const target of [rootId, ...units.map((unit) => unit.id), ...byId.keys()]) fullAccess.targets.set(target, true, stamp);
  known.push(fullAccess);

  const organization: Organization = {
    ...identity,
    units: units.map((unit) => ({ id: unit.id, name: unit.name })),
    parents,
    resourcePolicy: new Facet<string | undefined>(undefined),
    accounts: () => accounts,
    account: (accountId) => byId.get(accountId),
    policies,
    policy: (policyId, view) => policies(view).find((one) => one.id === policyId),
    addPolicy: (birth) => {
      const policy = createScp(`arn:aws:organizations::${managementAccountId}:policy/${id}`, birth);
      known.push(policy);
      return policy;
    },
    isTarget,
    scpLevels: (accountId, moment) => {
      if (accountId === managementAccountId || !byId.has(accountId)) return undefined;
      const parent = moment === 'configured' ? parents.get(accountId) : parents.enforced(accountId, moment.enforcedAt);
      const targets = [...new Set([rootId, parent ?? rootId, accountId])];
      return targets.map((target) => known.filter((scp) => binds(scp, { target, moment })).map((scp) => namedPolicy(scp, moment)));
    },
  };
  for (const account of accounts) account.organization = organization;
  return organization;
}

function binds({ exists, targets }: Scp, { target, moment }: { target: string; moment: Moment }): boolean {
  return moment === 'configured'
    ? exists.latest() && targets.get(target) === true
    : exists.effective(moment.enforcedAt) && targets.enforced(target, moment.enforcedAt) === true;
}

function namedPolicy({ id, content }: Scp, moment: Moment): NamedPolicy {
  return { id, type: 'scp', document: readStored(moment === 'configured' ? content.latest() : content.effective(moment.enforcedAt)) };
}
