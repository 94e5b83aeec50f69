import { GetInstanceProfileCommand, NoSuchEntityException } from '@aws-sdk/client-iam';
import { z } from 'zod';
import { parsePayload } from '../../src/contracts/failures.js';
import type { Resolution } from '../../src/contracts/principal.js';
import { isInstanceProfile } from '../../src/domain/growth/check-descent.js';
import { nameOf } from '../../src/domain/principals/arn.js';
import { principalLock } from '../../src/domain/principals/lock.js';
import { accountProblem, partitionProblem } from './resolve/account-problem.js';
import { type NotFound, type ResolveDeps, resolveNamed } from './resolve/resolve-named.js';

const Input = z.strictObject({
  arn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(user|role|instance-profile)\/[\w+=,.@/-]{1,600}$/),
  /** A role session that is the intruder's. */
  session: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/)
    .optional(),
});

/**
 * Finds a user or role that the lineage names, or the role in an instance profile, as AWS has it now, in any account of ours. Needs what
 * `resolveNamed` needs, and `iam:GetInstanceProfile`.
 *
 * @throws InvalidPayload, PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createResolvePrincipalArn(deps: ResolveDeps): (input: z.input<typeof Input>) => Promise<Resolution> {
  return async (raw) => {
    const { arn, session } = parsePayload(Input, raw, 'principal ARN');
    const [account = '', path = ''] = arn.split(':').slice(4);
    const kind = path.startsWith('user/') ? ('user' as const) : ('role' as const);
    const notFound = (why: NotFound['why'], detail: string): NotFound => {
      return { found: false, why, detail, lockId: principalLock({ account, kind, name: nameOf(arn) }) };
    };
    const problem = await accountProblem({ account, isRoot: false }, deps);
    if (problem !== undefined) return notFound(problem.why, problem.detail);
    const name = isInstanceProfile(arn) ? await roleIn(deps, { account, profile: nameOf(arn) }) : nameOf(arn);
    if (name === undefined) return notFound('deleted', `instance profile ${nameOf(arn)} holds no role any more`);
    const named = kind === 'user' ? { kind, name } : { kind, name, ...(session === undefined ? {} : { session }) };
    const resolution = await resolveNamed(named, { account, deps, notFound });
    const elsewhere = resolution.found ? partitionProblem(resolution.principal.arn, arn) : undefined;
    return elsewhere === undefined ? resolution : notFound(elsewhere.why, elsewhere.detail);
  };
}

async function roleIn(
  { access }: Pick<ResolveDeps, 'access'>,
  { account, profile: InstanceProfileName }: { account: string; profile: string },
): Promise<string | undefined> {
  try {
    const { InstanceProfile } = await access.iam({ account, role: 'Reader' }).send(new GetInstanceProfileCommand({ InstanceProfileName }));
    return InstanceProfile?.Roles?.[0]?.RoleName;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}
