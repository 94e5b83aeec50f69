import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import type { Holdings } from './holdings.js';

/** A credential with the account it acts in. */
export type Held = { readonly account: Account; readonly credential: Credential };

/** By what it is told whose a credential is. */
export type HeldView = {
  readonly accounts: readonly Account[];
  readonly holdings: Holdings;
  /** His key in his own account. */
  readonly outsideKey: Credential;
  readonly ownAddress: string;
  /** From where the workloads work that share credentials with him. */
  readonly usualAddresses: ReadonlySet<string>;
};

/**
 * What he took himself, and everything made with a credential that he holds from anywhere but a workload's usual address; of what
 * was made with an assertion and no credential, everything from his own address.
 */
export function heldBy({ accounts, holdings, outsideKey, usualAddresses, ownAddress }: HeldView): Held[] {
  const all = accounts.flatMap((account) => account.credentials.all().map((credential) => ({ account, credential })));
  const held = new Set([...holdings.all(), outsideKey.accessKeyId]);
  const isHis = ({ accessKeyId, origin }: Credential): boolean =>
    held.has(accessKeyId) ||
    (origin !== undefined &&
      (origin.keyId === '' ? origin.sourceIp === ownAddress : held.has(origin.keyId) && !usualAddresses.has(origin.sourceIp)));
  // A parent may stand in the table of an account behind its child's.
  for (let before = -1; before !== held.size;) {
    before = held.size;
    for (const { credential } of all) if (isHis(credential)) held.add(credential.accessKeyId);
  }
  return all.filter(({ credential }) => credential !== outsideKey && held.has(credential.accessKeyId));
}
