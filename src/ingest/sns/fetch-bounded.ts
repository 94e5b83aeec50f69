import { transient } from '../../contracts/failures.js';

/** SNS answers within a second; a sender that waits gives up after 15 s (SNS developer guide, "Amazon SNS message delivery retries"). */
const REQUEST_MS = 5_000;
/** A certificate has 2 KB, a confirmation's answer less. */
const LARGEST_ANSWER_BYTES = 16_384;

export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/**
 * GETs a small text from AWS: one host, no redirect, bounded in time and size.
 *
 * @returns the text, or `undefined` when the answer is no success or too large.
 * @throws UpstreamUnavailable, transient: no answer, or one of 5xx; the sender may deliver again.
 */
export async function fetchBounded(url: URL, doFetch: Fetch): Promise<string | undefined> {
  try {
    const response = await doFetch(url, { redirect: 'manual', signal: AbortSignal.timeout(REQUEST_MS) });
    if (response.status >= 500) throw new Error(`HTTP ${response.status}`);
    if (response.status !== 200) {
      await response.body?.cancel();
      return undefined;
    }
    return await readBounded(response);
  } catch (error) {
    throw transient('UpstreamUnavailable', `${url.hostname} did not answer`, { cause: error });
  }
}

async function readBounded({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    const piece: Uint8Array = chunk;
    bytes += piece.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > LARGEST_ANSWER_BYTES) return undefined;
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}
