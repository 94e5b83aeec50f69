import { z } from 'zod';
import { AwsError } from '../aws-error.js';
import { isConditionOperator } from './conditions.js';

/** One condition of a statement: all must hold, and of several values one must. */
export type Condition = { readonly operator: string; readonly key: string; readonly values: readonly string[] };

/** One statement, with lists instead of the several shapes JSON allows. */
export type Statement = {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  /** Only in trust and resource policies: `AWS` principals, or `*`. */
  readonly principals?: readonly string[];
  /** Only in trust policies: AWS services such as `ec2.amazonaws.com`. */
  readonly services?: readonly string[];
  /** Only in trust policies: ARNs of identity providers. */
  readonly federated?: readonly string[];
  readonly conditions: readonly Condition[];
};

/** A policy as the evaluator reads it. */
export type PolicyDocument = { readonly statements: readonly Statement[] };

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => (typeof value === 'string' ? [value] : value));
const conditionValue = z.union([z.string(), z.boolean(), z.number()]).transform(String);
const conditionValues = z.union([conditionValue.transform((value) => [value]), z.array(conditionValue)]);

const rawStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Principal: z.union([z.literal('*').transform((): Record<string, string[]> => ({ AWS: ['*'] })), z.record(z.string(), texts)]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), conditionValues)).optional(),
});

const rawPolicy = z.object({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.union([z.array(rawStatement), rawStatement.transform((one) => [one])]),
});

/** Where a policy stands. */
export type PolicyKind = 'identity' | 'trust' | 'resource';

/**
 * Reads an identity policy, a role's trust policy, which names no resource, or another resource's policy.
 *
 * @throws AwsError MalformedPolicyDocument, also for a condition operator the evaluator does not know:
 * silently ignoring one would make a policy mean something else.
 */
export function parsePolicy(text: string, kind: PolicyKind = 'identity'): PolicyDocument {
  const parsed = rawPolicy.safeParse(parseJson(text));
  if (!parsed.success) throw malformed('Syntax errors in policy.');
  return { statements: parsed.data.Statement.map((raw) => toStatement(raw, kind)) };
}

function toStatement(raw: z.output<typeof rawStatement>, kind: PolicyKind): Statement {
  if ((raw.Action === undefined) === (raw.NotAction === undefined)) throw malformed('Policy statement must contain actions.');
  if (kind !== 'trust' && (raw.Resource === undefined) === (raw.NotResource === undefined))
    throw malformed('Policy statement must contain resources.');
  if (kind === 'identity' && raw.Principal !== undefined) throw malformed('Policy document should not specify a principal.');
  const conditions = Object.entries(raw.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
  );
  const unknown = conditions.find(({ operator }) => !isConditionOperator(operator));
  if (unknown !== undefined) throw malformed(`Invalid Condition type : ${unknown.operator}.`);
  return {
    effect: raw.Effect,
    conditions,
    ...(raw.Sid === undefined ? {} : { sid: raw.Sid }),
    ...(raw.Action === undefined ? {} : { actions: raw.Action }),
    ...(raw.NotAction === undefined ? {} : { notActions: raw.NotAction }),
    ...(raw.Resource === undefined ? {} : { resources: raw.Resource }),
    ...(raw.NotResource === undefined ? {} : { notResources: raw.NotResource }),
    ...(raw.Principal === undefined
      ? {}
      : { principals: raw.Principal['AWS'] ?? [], services: raw.Principal['Service'] ?? [], federated: raw.Principal['Federated'] ?? [] }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('The policy is not in the valid JSON format.');
  }
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}
