import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { OrganizationConfig } from '../../src/contracts/organization.js';
import type { AwsRole } from '../../src/ports/aws-access.js';
import type { AwsAccess } from './aws-access.js';

/** Who we are to AWS in one account: what the self-lockout rail compares with. */
export interface OwnIdentity {
  readonly account: string;
  readonly arn: string;
  readonly uniqueId: string;
  /** Unique ids of everybody we act through to get here: the worker's own identity and each role on the way. */
  readonly chain: readonly string[];
}

/** Who we are in an account. */
export type OwnIdentityOf = (account: string) => Promise<OwnIdentity>;

/** Asks AWS once per account and keeps the answer: an identity does not change while a process runs. A failure is asked again. */
export function createOwnIdentity(access: Pick<AwsAccess, 'sts' | 'callerChain'>, role: AwsRole): OwnIdentityOf {
  const known = new Map<string, Promise<OwnIdentity>>();
  const ask = async (account: string): Promise<OwnIdentity> => {
    const [own, ...before] = await Promise.all(
      [access.sts({ account, role }), ...access.callerChain()].map((sts) => sts.send(new GetCallerIdentityCommand({}))),
    );
    const { Account = '', Arn = '', UserId = '' } = own ?? {};
    return { account: Account, arn: Arn, uniqueId: UserId, chain: [UserId, ...before.map((hop) => hop.UserId ?? '')] };
  };
  return (account) => {
    const answer =
      known.get(account) ??
      ask(account).catch((error: unknown) => {
        known.delete(account);
        throw error;
      });
    known.set(account, answer);
    return answer;
  };
}

/** Who we are towards an account: in the management account no role of ours is, so there it is who we are in the hub. */
export async function ownIdentityTowards(
  account: string,
  { ownIdentity, organization }: { ownIdentity: OwnIdentityOf; organization: () => Promise<OrganizationConfig | undefined> },
): Promise<OwnIdentity> {
  const config = await organization();
  return ownIdentity(config !== undefined && account === config.managementAccount ? config.hubAccount : account);
}
