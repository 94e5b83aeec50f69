import { GetAccessKeyLastUsedCommand, type IAMClient } from '@aws-sdk/client-iam';
import { GetAccessKeyInfoCommand, type STSClient } from '@aws-sdk/client-sts';

/** Name of the user that has a long-term key. Needs `iam:GetAccessKeyLastUsed`. */
export async function ownerOfKey(iam: Pick<IAMClient, 'send'>, AccessKeyId: string): Promise<string | undefined> {
  return (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).UserName;
}

/** The account of a key; undefined for a text that was never an access key id. Needs `sts:GetAccessKeyInfo`. */
export async function accountOfKey(sts: Pick<STSClient, 'send'>, AccessKeyId: string): Promise<string | undefined> {
  try {
    return (await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
}
