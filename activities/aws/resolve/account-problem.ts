import type { NotFound, ResolveDeps } from './resolve-named.js';

/** Why no principal is looked for. */
export type Unnamed = Pick<NotFound, 'why' | 'detail'>;

/**
 * Why we do not look into an account, or undefined when we do. Besides accounts that `rails.yaml` does not list these are the management
 * account and the hub: no role of ours reaches their users and roles (src/deploy/aws). Their root users are no matter of IAM's.
 */
export async function accountProblem(
  { account, isRoot }: { account: string; isRoot: boolean },
  { organization, ownIdentity, rails }: ResolveDeps,
): Promise<Unnamed | undefined> {
  if (!(await rails()).accounts.includes(account))
    return { why: 'foreign', detail: `account ${account} is not on the allow-list of rails.yaml` };
  const config = await organization();
  const named = {
    [config?.managementAccount ?? '']: 'the management account',
    [config?.hubAccount ?? '']: 'the account of incident response',
  };
  const special = named[account];
  if (special !== undefined && isRoot) return undefined;
  if (special !== undefined)
    return {
      why: 'unsupported',
      detail: `account ${account} is ${special}: no role of ours is there, its users and roles are contained by hand`,
    };
  const own = await ownIdentity(account);
  if (own.account === account) return undefined;
  return { why: 'foreign', detail: `account ${account} is not ${own.account}, the one we can act in` };
}

/** Why a principal is another one than an ARN names, or undefined when it may be the same: account ids are used again in every partition. */
export function partitionProblem(principalArn: string, wantedArn: string | undefined): Unnamed | undefined {
  const partition = wantedArn?.split(':')[1];
  if (partition === undefined || partition === principalArn.split(':')[1]) return undefined;
  return { why: 'foreign', detail: `partition ${partition} is none that we can act in` };
}
