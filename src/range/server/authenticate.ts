import { AwsError, invalidToken } from '../aws-error.js';
import type { Account } from '../iam/account.js';
import { principalOf, type Credential } from '../iam/credentials.js';
import { readSignatureClaim, verifySignature } from '../wire/signature.js';
import type { WireRequest } from '../wire/messages.js';

/** A caller whose signature fits a live credential of an account, and what it signed for. */
export type Authenticated = {
  readonly account: Account;
  readonly credential: Credential;
  readonly region: string;
  readonly service: string;
};

/**
 * Establishes who calls. Nothing that fails here is recorded by CloudTrail, so a deactivated key goes silent (aws-domain 2.2).
 *
 * @param accounts all that are played: a key id tells nothing of its account.
 * @param at the account's time, by which key status and expiry are judged.
 * @throws AwsError MissingAuthenticationToken, InvalidClientTokenId, ExpiredToken, SignatureDoesNotMatch or RequestExpired, 403
 */
export async function authenticate(accounts: readonly Account[], request: WireRequest, at: number): Promise<Authenticated> {
  const claim = readSignatureClaim(request);
  if (claim === undefined) throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  const account = accounts.find(({ credentials }) => credentials.find(claim.accessKeyId) !== undefined);
  const credential = account?.credentials.find(claim.accessKeyId);
  if (account === undefined || credential === undefined || credential.session?.token !== request.headers['x-amz-security-token'])
    throw invalidToken();
  const { secretAccessKey, session } = credential;
  const secret = session === undefined ? { secretAccessKey } : { secretAccessKey, sessionToken: session.token };
  // The SDK signs by the machine's clock, also when the account lives in virtual time.
  await verifySignature(request, { claim, secret, now: Date.now() });
  const problem = livenessProblem(credential, at);
  if (problem !== undefined) throw problem;
  return { account, credential, region: claim.region, service: claim.service };
}

/** Why a credential cannot authenticate at a time, by what is enforced then; undefined when it can. */
export function livenessProblem({ bearer, session, status }: Credential, at: number): AwsError | undefined {
  if (principalOf(bearer)?.exists.effective(at) === false) return invalidToken();
  if (session === undefined) return status.effective(at) === 'Active' ? undefined : invalidToken();
  if (session.expiresAt <= at) return new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
  return undefined;
}

/**
 * Why AWS refuses this kind of credential for a service whatever its policies say; undefined when it does not.
 * Sessions of GetSessionToken without MFA and of GetFederationToken call no IAM, and of STS only a few operations
 * (STS API reference, GetSessionToken and GetFederationToken, "Permissions"). IAM answers as to an unknown token.
 */
export function sessionRestriction({ bearer, session }: Credential, call: { service: string; operation: string }): AwsError | undefined {
  if (session === undefined || bearer.kind === 'role' || session.assumedRoot === true) return undefined;
  if (call.service === 'iam' && !session.mfaAuthenticated) return invalidToken();
  const stsAllowed = bearer.kind === 'user' || bearer.kind === 'root' ? ['AssumeRole', 'GetCallerIdentity'] : ['GetCallerIdentity'];
  if (call.service === 'sts' && !stsAllowed.includes(call.operation)) {
    return new AwsError('AccessDenied', `Cannot call ${call.operation} with session credentials`, 403);
  }
  return undefined;
}
