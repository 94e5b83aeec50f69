import { Hash } from '@smithy/core/serde';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsError } from '../aws-error.js';
import type { WireRequest } from './messages.js';

/** What the `Authorization` header of a SigV4 request claims. */
export type SignatureClaim = {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
};

/** The secret half of a credential. */
export type SigningSecret = { readonly secretAccessKey: string; readonly sessionToken?: string };

/** AWS refuses requests whose signing time is further away than this (SigV4, "Elements of a request"). */
const MAX_SKEW_MS = 15 * 60_000;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)\/\d{8}\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request, ?SignedHeaders=(?<headers>[^,]+), ?Signature=(?<signature>[0-9a-f]+)$/;

/** Reads the claim of a request, without believing it yet. */
export function readSignatureClaim(request: WireRequest): SignatureClaim | undefined {
  const parts = AUTHORIZATION.exec(request.headers['authorization'] ?? '')?.groups;
  if (parts === undefined) return undefined;
  const { key = '', region = '', service = '', headers = '', signature = '' } = parts;
  return { accessKeyId: key, region, service, signedHeaders: headers.split(';'), signature };
}

/**
 * Signs the request again with the stored secret and compares.
 *
 * @param now the time the signature must be close to: the machine's, because the SDK signs with the machine's clock.
 * @throws AwsError SignatureDoesNotMatch or RequestExpired, 403
 */
export async function verifySignature(
  request: WireRequest,
  { claim, secret, now }: { claim: SignatureClaim; secret: SigningSecret; now: number },
): Promise<void> {
  const signedAt = signingDate(request.headers['x-amz-date'] ?? '');
  if (signedAt === undefined || Math.abs(now - signedAt.getTime()) > MAX_SKEW_MS) {
    throw new AwsError('RequestExpired', 'Signature expired or not yet current.', 403);
  }
  const { service, region, accessKeyId, signedHeaders } = claim;
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, ...secret },
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: signedHeaders.includes('x-amz-content-sha256'),
    // S3 signs the path as it is; all others escape it once more (SigV4, "canonical URI").
    uriEscapePath: service !== 's3',
  });
  const headers = Object.fromEntries(
    signedHeaders.filter((name) => name !== 'x-amz-date').map((name) => [name, request.headers[name] ?? '']),
  );
  const unsigned = new HttpRequest({
    method: request.method,
    protocol: 'http:',
    hostname: request.headers['host'] ?? '',
    path: request.path,
    query: { ...request.query },
    headers,
    body: request.body,
  });
  const signed = await signer.sign(unsigned, { signingDate: signedAt, signableHeaders: new Set(signedHeaders) });
  if (!(signed.headers['authorization'] ?? '').endsWith(`Signature=${claim.signature}`)) {
    throw new AwsError('SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.', 403);
  }
}

function signingDate(text: string): Date | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
