import type { Recorder } from '../cloudtrail/recorder.js';
import type { Account } from '../iam/account.js';
import type { Operations } from './operation.js';

/** One account as the range serves it: what IAM knows, what CloudTrail keeps, what its services do. */
export interface Tenant {
  readonly account: Account;
  readonly recorder: Recorder;
  /** The calls the range performs, by service name. */
  readonly operations: Readonly<Record<string, Operations>>;
}

/** All accounts of a world. */
export interface Tenants {
  all(): readonly Tenant[];
  accounts(): readonly Account[];
  /** @throws Error for an account that is not played: a bug */
  of(accountId: string): Tenant;
}

/** Makes the directory of a world's accounts. */
export function createTenants(tenants: readonly Tenant[]): Tenants {
  const byId = new Map(tenants.map((tenant) => [tenant.account.id, tenant]));
  return {
    all: () => tenants,
    accounts: () => tenants.map(({ account }) => account),
    of: (accountId) => {
      const tenant = byId.get(accountId);
      if (tenant === undefined) throw new Error(`the range does not play the account ${accountId}`);
      return tenant;
    },
  };
}
