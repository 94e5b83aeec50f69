import { z } from 'zod';
import { parsePayload } from '../../src/contracts/failures.js';
import type { Resolution } from '../../src/contracts/principal.js';
import { nameOf } from '../../src/domain/principals/arn.js';
import { principalLock } from '../../src/domain/principals/lock.js';
import { type NotFound, type ResolveDeps, resolveNamed } from './resolve/resolve-named.js';

const Input = z.strictObject({
  arn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]{1,600}$/),
  /** A role session that is the intruder's. */
  session: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/)
    .optional(),
});

/**
 * Finds a user or role that the lineage names, as AWS has it now, in any account of ours. Needs what `resolveNamed` needs.
 *
 * @throws InvalidPayload, PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createResolvePrincipalArn(deps: ResolveDeps): (input: z.input<typeof Input>) => Promise<Resolution> {
  return async (raw) => {
    const { arn, session } = parsePayload(Input, raw, 'principal ARN');
    const [account = '', path = ''] = arn.split(':').slice(4);
    const kind = path.startsWith('role/') ? ('role' as const) : ('user' as const);
    const name = nameOf(arn);
    const lockId = principalLock({ account, kind, name });
    const notFound = (why: NotFound['why'], detail: string): NotFound => ({ found: false, why, detail, lockId });
    if (!(await deps.rails()).accounts.includes(account))
      return notFound('foreign', `account ${account} is not on the allow-list of rails.yaml`);
    const own = await deps.ownIdentity(account);
    if (own.account !== account) return notFound('foreign', `account ${account} is not ${own.account}, the one we can act in`);
    const named = kind === 'user' ? { kind, name } : { kind, name, ...(session === undefined ? {} : { session }) };
    return resolveNamed(named, { account, deps, notFound });
  };
}
