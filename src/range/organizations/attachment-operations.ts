import type {
  AttachPolicyRequest,
  DetachPolicyRequest,
  ListPoliciesForTargetRequest,
  ListPoliciesForTargetResponse,
  ListTargetsForPolicyRequest,
  ListTargetsForPolicyResponse,
  PolicyTargetSummary,
} from '@aws-sdk/client-organizations';
import { AwsError, required } from '../aws-error.js';
import type { View } from '../facets/facet.js';
import type { Operations } from '../server/operation.js';
import { arnOf } from './arns.js';
import { constraintViolation, notFound } from './errors.js';
import { changeOf, organizationsOperation, paged } from './operation.js';
import type { Organization } from './organization.js';
import { onPolicy, policyOf, summaryShape } from './policy-operations.js';
import type { Scp } from './policy.js';

/** SCPs on one root, unit or account (Organizations quotas since 2026-05-15, aws-domain 1.2). */
const MAX_ATTACHED = 10;

/** Calls about what service control policies are attached to. */
export const attachmentOperations: Operations = {
  AttachPolicy: organizationsOperation<AttachPolicyRequest, object>({
    name: 'AttachPolicy',
    kind: 'write',
    on: onPolicyAndTarget,
    run: (input, organization, call) => {
      const policy = policyOf(organization, input.PolicyId, call);
      const target = targetOf(organization, input.TargetId);
      if (policy.targets.get(target) !== undefined)
        throw new AwsError('DuplicatePolicyAttachmentException', 'The selected policy is already attached to the specified target.');
      if (attachedTo(organization, target).length >= MAX_ATTACHED)
        throw constraintViolation(
          'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
          'You have attached the maximum number of policies to the specified target.',
        );
      policy.targets.set(target, true, changeOf(organization, call));
      return {};
    },
  }),

  DetachPolicy: organizationsOperation<DetachPolicyRequest, object>({
    name: 'DetachPolicy',
    kind: 'write',
    on: onPolicyAndTarget,
    run: (input, organization, call) => {
      const policy = policyOf(organization, input.PolicyId, call);
      const target = targetOf(organization, input.TargetId);
      if (policy.targets.get(target) === undefined)
        throw new AwsError('PolicyNotAttachedException', 'The policy is not attached to the specified target.');
      if (attachedTo(organization, target).length === 1)
        throw constraintViolation(
          'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
          'You cannot remove the last policy attached to the specified target. You must attach another policy before you can remove this one.',
        );
      policy.targets.remove(target, changeOf(organization, call));
      return {};
    },
  }),

  ListPoliciesForTarget: organizationsOperation<ListPoliciesForTargetRequest, ListPoliciesForTargetResponse>({
    name: 'ListPoliciesForTarget',
    kind: 'read',
    on: ({ TargetId: id = '' }, organization) => [arnOf(organization, id)],
    run: (input, organization, { view }) => {
      const attached = attachedTo(organization, targetOf(organization, input.TargetId), view);
      const { page, token } = paged(input.Filter === 'SERVICE_CONTROL_POLICY' ? attached : [], input);
      return { Policies: page.map((policy) => summaryShape(policy, view)), ...token };
    },
  }),

  ListTargetsForPolicy: organizationsOperation<ListTargetsForPolicyRequest, ListTargetsForPolicyResponse>({
    name: 'ListTargetsForPolicy',
    kind: 'read',
    on: onPolicy,
    run: (input, organization, call) => {
      const targets = policyOf(organization, input.PolicyId, call).targets.seen(call.view);
      const { page, token } = paged(targets, input);
      return { Targets: page.map(([id]) => targetShape(organization, id)), ...token };
    },
  }),
};

/** @throws AwsError TargetNotFoundException */
function targetOf(organization: Organization, id: string | undefined): string {
  const target = required(id, 'TargetId');
  if (!organization.isTarget(target)) throw notFound('Target');
  return target;
}

function attachedTo(organization: Organization, target: string, view: View = 'latest'): Scp[] {
  return organization.policies(view).filter(({ targets }) => targets.get(target, view) !== undefined);
}

function onPolicyAndTarget(
  { PolicyId: policy = '', TargetId: target = '' }: { readonly PolicyId: string | undefined; readonly TargetId: string | undefined },
  organization: Organization,
): string[] {
  return [arnOf(organization, policy), arnOf(organization, target)];
}

function targetShape(organization: Organization, id: string): PolicyTargetSummary {
  const base = { TargetId: id, Arn: arnOf(organization, id) };
  if (id === organization.rootId) return { ...base, Name: 'Root', Type: 'ROOT' };
  const unit = organization.units.find((one) => one.id === id);
  if (unit !== undefined) return { ...base, Name: unit.name, Type: 'ORGANIZATIONAL_UNIT' };
  return { ...base, Name: organization.account(id)?.alias, Type: 'ACCOUNT' };
}
