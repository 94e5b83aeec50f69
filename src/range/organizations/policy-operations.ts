import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  DescribePolicyRequest,
  DescribePolicyResponse,
  DescribeResourcePolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
  Policy,
  PolicySummary,
  UpdatePolicyRequest,
  UpdatePolicyResponse,
} from '@aws-sdk/client-organizations';
import { AwsError, required } from '../aws-error.js';
import type { View } from '../facets/facet.js';
import type { Call } from '../server/call.js';
import type { Operations } from '../server/operation.js';
import { arnOf } from './arns.js';
import { accessDenied, notFound } from './errors.js';
import { changeOf, organizationsOperation, paged } from './operation.js';
import type { Organization } from './organization.js';
import { readServiceControlPolicy } from './policy-content.js';
import type { Scp } from './policy.js';

const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Calls about service control policies and about who may make them. */
export const policyOperations: Operations = {
  ListPolicies: organizationsOperation<ListPoliciesRequest, ListPoliciesResponse>({
    name: 'ListPolicies',
    kind: 'read',
    run: (input, organization, { view }) => {
      const { page, token } = paged(isScpType(input.Filter) ? organization.policies(view) : [], input);
      return { Policies: page.map((policy) => summaryShape(policy, view)), ...token };
    },
  }),

  DescribePolicy: organizationsOperation<DescribePolicyRequest, DescribePolicyResponse>({
    name: 'DescribePolicy',
    kind: 'read',
    on: onPolicy,
    run: (input, organization, call) => ({ Policy: policyShape(policyOf(organization, input.PolicyId, call), call.view) }),
  }),

  CreatePolicy: organizationsOperation<CreatePolicyRequest, CreatePolicyResponse>({
    name: 'CreatePolicy',
    kind: 'write',
    run: (input, organization, call) => {
      const content = required(input.Content, 'Content');
      const name = required(input.Name, 'Name');
      if (!isScpType(input.Type)) throw new AwsError('PolicyTypeNotEnabledException', 'The specified policy type is not enabled.');
      readServiceControlPolicy(content);
      refuseDuplicateName(organization, name);
      const id = `p-${call.random.text(ID_ALPHABET, 8)}`;
      const policy = organization.addPolicy({ id, name, description: input.Description ?? '', content });
      return { Policy: policyShape(policy, call.view) };
    },
  }),

  UpdatePolicy: organizationsOperation<UpdatePolicyRequest, UpdatePolicyResponse>({
    name: 'UpdatePolicy',
    kind: 'write',
    on: onPolicy,
    run: (input, organization, call) => {
      const policy = changeablePolicyOf(organization, input.PolicyId, call);
      const { Name: name, Description: description, Content: content } = input;
      if (content !== undefined) readServiceControlPolicy(content);
      if (name !== undefined && name !== policy.name.latest()) refuseDuplicateName(organization, name);
      const stamp = changeOf(organization, call);
      if (name !== undefined) policy.name.set(name, stamp);
      if (description !== undefined) policy.description.set(description, stamp);
      if (content !== undefined) policy.content.set(content, stamp);
      return { Policy: policyShape(policy, call.view) };
    },
  }),

  DeletePolicy: organizationsOperation<DeletePolicyRequest, object>({
    name: 'DeletePolicy',
    kind: 'write',
    on: onPolicy,
    run: (input, organization, call) => {
      const policy = changeablePolicyOf(organization, input.PolicyId, call);
      if (policy.targets.seen().length > 0)
        throw new AwsError('PolicyInUseException', 'The policy is attached to one or more entities. You must detach it first.');
      policy.exists.set(false, changeOf(organization, call));
      return {};
    },
  }),

  DescribeResourcePolicy: organizationsOperation<object, DescribeResourcePolicyResponse>({
    name: 'DescribeResourcePolicy',
    kind: 'read',
    run: (_input, { id, managementAccountId, resourcePolicy }, call) => {
      const content = resourcePolicy.seen(call.view);
      if (content === undefined) throw notFound('ResourcePolicy');
      const own = `rp-${id.slice(2)}`;
      const Arn = `arn:aws:organizations::${managementAccountId}:resourcepolicy/${id}/${own}`;
      return { ResourcePolicy: { ResourcePolicySummary: { Id: own, Arn }, Content: content } };
    },
  }),
};

/** ARN of the policy a call names. */
export function onPolicy({ PolicyId: id = '' }: { readonly PolicyId?: string | undefined }, organization: Organization): string[] {
  return [arnOf(organization, id)];
}

/** The policy a call names, as the caller sees the organization. @throws AwsError PolicyNotFoundException */
export function policyOf(organization: Organization, id: string | undefined, { view }: Call): Scp {
  const policy = organization.policy(required(id, 'PolicyId'), view);
  if (policy === undefined) throw notFound('Policy');
  return policy;
}

/** A policy in a list. */
export function summaryShape({ id, arn, name, description, isAwsManaged }: Scp, view: View): PolicySummary {
  const words = { Name: name.seen(view), Description: description.seen(view) };
  return { Id: id, Arn: arn, ...words, Type: 'SERVICE_CONTROL_POLICY', AwsManaged: isAwsManaged };
}

function policyShape(policy: Scp, view: View): Policy {
  return { PolicySummary: summaryShape(policy, view), Content: policy.content.seen(view) };
}

/** @throws AwsError PolicyNotFoundException; AccessDeniedException for AWS's own */
function changeablePolicyOf(organization: Organization, id: string | undefined, call: Call): Scp {
  const policy = policyOf(organization, id, call);
  if (policy.isAwsManaged) throw accessDenied();
  return policy;
}

function refuseDuplicateName(organization: Organization, name: string): void {
  if (organization.policies().some((policy) => policy.name.latest() === name))
    throw new AwsError('DuplicatePolicyException', 'A policy with the same name already exists.');
}

function isScpType(type: string | undefined): boolean {
  return type === 'SERVICE_CONTROL_POLICY';
}
