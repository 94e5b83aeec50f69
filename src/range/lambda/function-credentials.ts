import type { Credential } from '../iam/credentials.js';
import { issueServiceSession, type ServiceSessionDeps } from '../sts/service-session.js';
import { trustsService } from '../sts/trust.js';
import type { LambdaFunction } from './functions.js';

const LAMBDA = 'lambda.amazonaws.com';

/** From `eventTime` to `expiration` in published CloudTrail records of AssumeRole by lambda.amazonaws.com. */
const LIFE_MS = 12 * 3_600_000;

/** How long before the end a new environment gets new ones. Lambda does not say; EC2's figure. */
const RENEWED_MS = 5 * 60_000;

/**
 * The credentials that a function's environment has when it is invoked, and that whoever reads its environment variables
 * steals. The session name is the function's name.
 *
 * @returns undefined when reserved concurrency is 0, because then nothing is invoked and nothing new is handed out, or when the
 * role is gone or does not trust Lambda; what was handed out before lives on
 */
export function functionCredentials(
  deps: ServiceSessionDeps,
  { lambda, at }: { readonly lambda: LambdaFunction; readonly at: number },
): Credential | undefined {
  const role = deps.account.roles.find(lambda.role);
  if (role === undefined || lambda.concurrency.effective(at) === 0) return undefined;
  const current = deps.account.credentials.all().findLast(({ bearer, session }) => {
    const isIts = bearer.kind === 'role' && bearer.role === role && bearer.sessionName === lambda.name;
    return isIts && session !== undefined && session.expiresAt - RENEWED_MS > at;
  });
  if (current !== undefined) return current;
  if (!trustsService(role, { service: LAMBDA, at })) return undefined;
  return issueServiceSession(deps, {
    role,
    service: LAMBDA,
    sessionName: lambda.name,
    region: lambda.region,
    issuedAt: Math.floor(at / 1000) * 1000,
    lifeMs: LIFE_MS,
    origin: undefined,
  });
}
