import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

/** Who we are to AWS: what the self-lockout rail compares with. */
export interface OwnIdentity {
  readonly account: string;
  readonly arn: string;
  readonly uniqueId: string;
}

/** Asks AWS once and keeps the answer: an identity does not change while a process runs. A failure is asked again. */
export function createOwnIdentity(sts: Pick<STSClient, 'send'>): () => Promise<OwnIdentity> {
  let known: Promise<OwnIdentity> | undefined;
  const ask = async (): Promise<OwnIdentity> => {
    const { Account = '', Arn = '', UserId = '' } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn, uniqueId: UserId };
  };
  return () => {
    known ??= ask().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
