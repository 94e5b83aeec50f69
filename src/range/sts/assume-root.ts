import type { AssumeRootRequest, AssumeRootResponse } from '@aws-sdk/client-sts';
import { AwsError, required } from '../aws-error.js';
import type { Account } from '../iam/account.js';
import type { Call } from '../server/call.js';
import { operation, type Operations } from '../server/operation.js';
import { credentialsShape, lifeOf, mint, sourceIdentityOf } from './mint.js';
import { taskPolicies } from './root-tasks.js';

/** A privileged session lasts 15 minutes at most, and that long by default (STS API reference, AssumeRoot). */
const LIFE_SECONDS = { min: 0, max: 900, default: 900 } as const;

/**
 * AssumeRoot: the management account or the delegated one gets a session of a member's root, limited to one task. Only the
 * caller's account records it; in the member the session's own calls show, with `assumedRoot`.
 */
export const assumeRootOperations: Operations = {
  AssumeRoot: operation<AssumeRootRequest, AssumeRootResponse>({
    kind: 'credentials',
    access: ({ TargetPrincipal: target = '', TaskPolicyArn: task }) => ({
      resources: [`arn:aws:iam::${accountIdOfTarget(target)}:root`],
      context: { 'sts:TaskPolicyArn': task?.arn },
    }),
    run: (input, call) => {
      const target = memberOf(call, required(input.TargetPrincipal, 'TargetPrincipal'));
      const policies = taskPolicies(input.TaskPolicyArn?.arn);
      if (target === undefined || policies === undefined)
        throw new AwsError('AccessDenied', `User: ${call.callerArn} is not authorized to perform: sts:AssumeRoot`, 403);
      const sourceIdentity = sourceIdentityOf(call, undefined);
      const bearer = { kind: 'root', accountId: target.id } as const;
      const seconds = lifeOf(input.DurationSeconds, LIFE_SECONDS);
      const minted = mint(call, { owner: target, bearer, seconds, policies, sourceIdentity, assumedRoot: true });
      return { Credentials: credentialsShape(minted), ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }) };
    },
  }),
};

/** The member account a call aims at, if this caller's account may do so. */
function memberOf({ account: { id, organization } }: Call, target: string): Account | undefined {
  const wanted = accountIdOfTarget(target);
  const mayAsk = id === organization?.managementAccountId || id === organization?.delegatedAccountId;
  return mayAsk && wanted !== organization.managementAccountId ? organization.account(wanted) : undefined;
}

/** A target is an account id or the ARN of its root. */
function accountIdOfTarget(target: string): string {
  return /^arn:aws:iam::(\d{12}):root$/.exec(target)?.[1] ?? target;
}
