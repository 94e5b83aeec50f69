import { AwsError } from '../aws-error.js';
import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import { policiesOfBearer } from '../iam/effective-policies.js';
import { evaluate, type Decision } from '../policy/evaluate.js';
import { arnOfBearer, requestContext, type RequestFacts } from './context.js';

/** One question to the enforced policies: may this credential do that now? */
export type Question = RequestFacts & { readonly credential: Credential; readonly action: string; readonly resource: string };

/**
 * Decides by the policies enforced at that time, which may still be the ones before the last writes. An outsider's own
 * account is not played: it lets him assume roles, and he has no other right here.
 */
export function decide(account: Account, { credential, action, resource, ...facts }: Question): Decision {
  if (credential.bearer.kind === 'outside' && action === 'sts:AssumeRole') return { decision: 'allowed', layer: 'identity', matched: [] };
  const policies = policiesOfBearer(account, {
    bearer: credential.bearer,
    sessionPolicies: credential.session?.policies,
    moment: { enforcedAt: facts.at },
  });
  return evaluate(policies, { action, resource, context: requestContext(account, credential, facts) });
}

/**
 * Lets a call pass or refuses it in IAM's own words.
 *
 * @param answer how the service's wire style spells a refusal.
 * @throws AwsError AccessDenied, or AccessDeniedException for JSON services
 */
export function authorize(account: Account, question: Question, answer: { readonly code: string; readonly status: number }): void {
  const { decision, layer } = decide(account, question);
  if (decision === 'allowed') return;
  const caller = arnOfBearer(account, question.credential.bearer);
  const source = { identity: 'identity-based policy', boundary: 'permissions boundary', session: 'session policy' }[layer];
  const article = layer === 'identity' ? 'an' : 'a';
  const reason =
    decision === 'explicitDeny'
      ? `with an explicit deny in ${article} ${source}`
      : `because no ${source} allows the ${question.action} action`;
  throw new AwsError(
    answer.code,
    `User: ${caller} is not authorized to perform: ${question.action} on resource: ${question.resource} ${reason}`,
    answer.status,
  );
}
