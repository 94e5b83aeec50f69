import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import type { OidcConfig, Role } from '../../contracts/callers.js';
import { unauthorized, unavailable, type Problem } from '../problem.js';
import type { Caller } from './roles.js';

/** Asymmetric only: with HS256 the public key would be a secret that everybody has. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
const JWKS_TIMEOUT_MS = 5_000;
/** A key id that is not known fetches the keys again, at most this often. */
const JWKS_COOLDOWN_MS = 30_000;
const SUBJECT = /^[\w.@:|+-]{1,255}$/;

/** Says who holds an access token. @throws Problem 401 for the token, 503 where the provider's keys cannot be fetched. */
export type OidcVerifier = (token: string) => Promise<Caller>;

/** Checks access tokens against the keys, issuer and audience of the configuration. The address of the keys is never a token's. */
export function createOidcVerifier(config: OidcConfig): OidcVerifier {
  const keys = createRemoteJWKSet(new URL(config.jwksUri), { timeoutDuration: JWKS_TIMEOUT_MS, cooldownDuration: JWKS_COOLDOWN_MS });
  const { issuer, audience, clockToleranceSeconds: clockTolerance } = config;
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        clockTolerance,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
      });
      return callerOf(payload, config);
    } catch (error) {
      throw problemWith(error);
    }
  };
}

function callerOf(payload: JWTPayload, { issuer, subjectClaim, groupsClaim, groups }: OidcConfig): Caller {
  const subject = payload[subjectClaim];
  if (typeof subject !== 'string' || !SUBJECT.test(subject)) throw unauthorized(`the token's ${subjectClaim}: expected a plain subject`);
  const claimed = payload[groupsClaim];
  const held = new Set(Array.isArray(claimed) ? claimed : []);
  const matching = groups.filter(({ group }) => held.has(group));
  const roles = new Set<Role>(matching.flatMap((row) => row.roles));
  return { subject, issuer, roles: [...roles], teams: [...new Set(matching.flatMap(({ teams }) => teams))] };
}

function problemWith(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return unauthorized('the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) return unauthorized(`the token's ${error.claim}: ${claimProblem(error)}`);
  if (error instanceof errors.JOSEAlgNotAllowed) return unauthorized(`the token's alg: expected ${ALGORITHMS.join(', ')}`);
  if (isOfTheToken(error)) return unauthorized('the token is not signed by the configured issuer');
  if (error instanceof errors.JOSEError || error instanceof TypeError) return unreachable();
  return error;
}

function isOfTheToken(error: unknown): boolean {
  const kinds = [
    errors.JWSInvalid,
    errors.JWTInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JWKSNoMatchingKey,
    errors.JWKSMultipleMatchingKeys,
    errors.JOSENotSupported,
  ];
  return kinds.some((kind) => error instanceof kind);
}

function claimProblem({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return 'is missing';
  return claim === 'nbf' ? 'is in the future' : 'is not the one expected here';
}

function unreachable(): Problem {
  return unavailable("the identity provider's keys cannot be fetched");
}
