import { verify as verifySignature, X509Certificate } from 'node:crypto';
import { describeIssues, permanent } from '../../contracts/failures.js';
import type { SnsVerifier } from '../../ports/sns-verifier.js';
import { certificateAddress, subscribeAddress } from './aws-addresses.js';
import { fetchBounded, type Fetch } from './fetch-bounded.js';
import { SnsMessage, signedText } from './message.js';

export interface SnsVerifierOptions {
  /** Topics that may send; a message of any other is refused before anything is fetched. */
  readonly allowedTopicArns: readonly string[];
  /** @default the global one */
  readonly fetch?: Fetch;
  /** @default the machine's clock */
  readonly nowMs?: () => number;
}

type Checked = { readonly valid: true; readonly message: SnsMessage } | { readonly valid: false; readonly reason: string };

const ALGORITHMS = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;
/** SNS has one signing certificate a region at a time, and changes it about once a year. */
const KEPT_CERTIFICATES = 32;

/**
 * Makes the check of SNS's signatures. The certificate comes over TLS from SNS's own hosts only, by a fixed form of path,
 * and must be one for SNS and valid now. `verify` and `confirm` reject with UpstreamUnavailable, transient, when AWS
 * cannot be reached: nothing is known of the message then, and the sender should deliver it again.
 */
export function createSnsVerifier(options: SnsVerifierOptions): SnsVerifier {
  const { fetch: doFetch = fetch, nowMs = Date.now } = options;
  const allowed = new Set(options.allowedTopicArns);
  const certificateAt = createCertificates(doFetch);

  async function check(raw: Readonly<Record<string, unknown>>): Promise<Checked> {
    const parsed = SnsMessage.safeParse(raw);
    if (!parsed.success) return refused(`not a signed SNS message: ${describeIssues(parsed.error)}`);
    const message = parsed.data;
    if (!allowed.has(message.TopicArn)) return refused('TopicArn: expected one of the configured topics');
    const address = certificateAddress(message.SigningCertURL);
    if (address === undefined)
      return refused('SigningCertURL: expected https://sns.<region>.amazonaws.com/SimpleNotificationService-<hex>.pem');
    const certificate = await certificateAt(address);
    if (certificate === undefined) return refused('SigningCertURL: expected the address of a certificate');
    const problem = certificateProblem(certificate, { host: address.hostname, now: nowMs() });
    if (problem !== undefined) return refused(`SigningCertURL: ${problem}`);
    const isSigned = isSignedBy(certificate, message);
    return isSigned ? { valid: true, message } : refused('Signature: expected that of SNS over this message');
  }

  return {
    verify: async (raw) => {
      const checked = await check(raw);
      return checked.valid ? { valid: true, type: checked.message.Type, topicArn: checked.message.TopicArn } : checked;
    },

    /**
     * Checks the message itself before it follows anything. Idempotent: SNS answers a repeated confirmation alike.
     *
     * @throws UnsafeAction, permanent: not a signed confirmation of a configured topic, or an address that is not SNS's.
     */
    confirm: async (raw) => {
      const checked = await check(raw);
      if (!checked.valid) throw permanent('UnsafeAction', checked.reason);
      const { message } = checked;
      if (message.Type !== 'SubscriptionConfirmation') throw permanent('UnsafeAction', 'Type: expected SubscriptionConfirmation');
      const address = subscribeAddress(message.SubscribeURL, message.TopicArn);
      if (address === undefined)
        throw permanent(
          'UnsafeAction',
          "SubscribeURL: expected ConfirmSubscription of the message's topic at https://sns.<region>.amazonaws.com",
        );
      const answer = await fetchBounded(address, doFetch);
      if (answer === undefined)
        throw permanent('PreconditionFailed', 'SNS refused the confirmation: its token is good for 3 days and once');
    },
  };
}

/** Fetches certificates, each once; what is no certificate is asked for again. */
function createCertificates(doFetch: Fetch): (address: URL) => Promise<X509Certificate | undefined> {
  const kept = new Map<string, X509Certificate>();
  return async (address) => {
    const known = kept.get(address.href);
    if (known !== undefined) return known;
    const text = await fetchBounded(address, doFetch);
    const certificate = text === undefined ? undefined : readCertificate(text);
    if (certificate === undefined) return undefined;
    if (kept.size >= KEPT_CERTIFICATES) kept.clear();
    kept.set(address.href, certificate);
    return certificate;
  };
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function certificateProblem(
  certificate: X509Certificate,
  { host, now }: { readonly host: string; readonly now: number },
): string | undefined {
  if (now < Date.parse(certificate.validFrom)) return 'expected a certificate that is valid already';
  if (now > Date.parse(certificate.validTo)) return 'expected a certificate that is still valid';
  const names = ['sns.amazonaws.com', 'sns.amazonaws.com.cn', host];
  const isOfSns = names.some((name) => certificate.checkHost(name, { subject: 'default', wildcards: false }) !== undefined);
  return isOfSns ? undefined : 'expected a certificate of SNS';
}

function isSignedBy({ publicKey }: X509Certificate, message: SnsMessage): boolean {
  if (publicKey.asymmetricKeyType !== 'rsa') return false;
  const text = Buffer.from(signedText(message), 'utf8');
  return verifySignature(ALGORITHMS[message.SignatureVersion], text, publicKey, Buffer.from(message.Signature, 'base64'));
}

function refused(reason: string): Checked {
  return { valid: false, reason };
}
