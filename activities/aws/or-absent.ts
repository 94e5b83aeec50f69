import { NoSuchEntityException } from '@aws-sdk/client-iam';

/** What a read gives; undefined where AWS says that there is no such thing. */
export async function orAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}
