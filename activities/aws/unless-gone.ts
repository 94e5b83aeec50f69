import { NoSuchEntityException } from '@aws-sdk/client-iam';
import { requestIdsOf } from './measures/request-ids.js';

/**
 * A deletion that finds its work done: by a delivery before this one, by the repeat of a request whose answer was lost, or
 * by somebody else. Gives AWS's request ids.
 */
export async function unlessGone(work: Promise<Parameters<typeof requestIdsOf>[0]>): Promise<string[]> {
  try {
    return requestIdsOf(await work);
  } catch (error) {
    if (error instanceof NoSuchEntityException) return [];
    throw error;
  }
}
