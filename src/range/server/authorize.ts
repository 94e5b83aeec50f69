import { AwsError } from '../aws-error.js';
import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import { policiesOfBearer } from '../iam/effective-policies.js';
import { evaluate, type Decision, type Layer, type ResourceGrant } from '../policy/evaluate.js';
import { arnOfBearer, requestContext, type RequestFacts } from './context.js';

/** One question to the enforced policies: may this credential do that now? */
export type Question = RequestFacts & {
  readonly credential: Credential;
  readonly action: string;
  readonly resource: string;
  /** Set when the resource's own policy already lets this caller in. */
  readonly grant?: ResourceGrant | undefined;
};

/** What an outsider, or somebody with nothing but an assertion, may ask of STS; the role's trust decides. */
const FOR_STRANGERS = new Set([
  'sts:AssumeRole',
  'sts:SetSourceIdentity',
  'sts:TagSession',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
]);

/** How a refusal names the policies of a layer. */
const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  scp: 'service control policy',
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
};

/**
 * Decides by the policies enforced at that time, which may still be the ones before the last writes. An outsider's own
 * account is not played: it lets him assume roles, and he has no other right here.
 *
 * @param account the caller's own.
 */
export function decide(account: Account, { credential, action, resource, grant, ...facts }: Question): Decision {
  const isStranger = credential.bearer.kind === 'outside' || credential.bearer.kind === 'external';
  if (isStranger && FOR_STRANGERS.has(action)) return { decision: 'allowed', layer: 'identity', matched: [] };
  const policies = policiesOfBearer(account, {
    bearer: credential.bearer,
    sessionPolicies: credential.session?.policies,
    moment: { enforcedAt: facts.at },
  });
  const context = requestContext(account, credential, facts);
  return evaluate(policies, { action, resource, context, ...(grant === undefined ? {} : { grant }) });
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
  const caller = arnOfBearer(question.credential.bearer);
  const source = LAYER_NAMES[layer];
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
