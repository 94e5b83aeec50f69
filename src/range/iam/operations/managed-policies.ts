import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  ListEntitiesForPolicyRequest,
  ListEntitiesForPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
} from '@aws-sdk/client-iam';
import { AwsError, required } from '../../aws-error.js';
import { operation, type Operations } from '../../server/operation.js';
import { managedPolicyOf, onAccount, onPolicy } from '../lookup.js';
import { newName, newPath } from '../names.js';
import { pageOf } from '../paging.js';
import { policyShape } from '../shapes.js';
import { countsOf, usageOf } from '../usage.js';
import { versionsOf } from '../policy-versions.js';
import { checkManagedDocument } from './policy-versions.js';

/** Calls about managed policies; their versions are in `policy-versions.ts`. */
export const managedPolicyOperations: Operations = {
  CreatePolicy: operation<CreatePolicyRequest, CreatePolicyResponse>({
    kind: 'write',
    access: ({ PolicyName: name = '', Path: path = '/' }, call) => ({
      resources: [`arn:aws:iam::${call.account.id}:policy${path}${name}`],
    }),
    run: (input, call) => {
      const name = newName(input.PolicyName, 'policyName');
      const path = newPath(input.Path);
      const document = required(input.PolicyDocument, 'PolicyDocument');
      checkManagedDocument(document);
      // IAM wants names unique across paths.
      if (call.account.policies.list().some((policy) => !policy.isAwsManaged && policy.name === name))
        throw new AwsError('EntityAlreadyExists', `A policy called ${name} already exists. Duplicate names are not allowed.`, 409);
      const policy = call.account.addPolicy({ name, path, document, description: input.Description });
      return { Policy: policyShape(policy, { attachments: 0, boundaries: 0 }) };
    },
  }),

  DeletePolicy: operation<DeletePolicyRequest, object>({
    kind: 'write',
    access: onPolicy,
    run: (input, call) => {
      const policy = managedPolicyOf(call, input.PolicyArn);
      if (policy.isAwsManaged) throw new AwsError('AccessDenied', 'AWS managed policies cannot be deleted.', 403);
      const { attachments, boundaries } = countsOf(call.account, policy);
      if (attachments + boundaries > 0) throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
      if (versionsOf(policy).length > 1)
        throw new AwsError(
          'DeleteConflict',
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
          409,
        );
      policy.exists.set(false, call.change());
      return {};
    },
  }),

  GetPolicy: operation<GetPolicyRequest, GetPolicyResponse>({
    kind: 'read',
    access: onPolicy,
    run: (input, call) => {
      const policy = managedPolicyOf(call, input.PolicyArn);
      return { Policy: policyShape(policy, countsOf(call.account, policy), call.view) };
    },
  }),

  ListPolicies: operation<ListPoliciesRequest, ListPoliciesResponse>({
    kind: 'read',
    access: onAccount,
    run: (input, call) => {
      const { Scope: scope = 'All', OnlyAttached: onlyAttached = false, PathPrefix: prefix = '/' } = input;
      const policies = call.account.policies
        .list(call.view)
        .filter(({ isAwsManaged, path }) => (scope === 'All' || (scope === 'AWS') === isAwsManaged) && path.startsWith(prefix))
        .map((policy) => ({ policy, counts: countsOf(call.account, policy) }))
        .filter(({ counts }) => !onlyAttached || counts.attachments > 0);
      const { page, paging } = pageOf(policies, input);
      return { Policies: page.map(({ policy, counts }) => policyShape(policy, counts, call.view)), ...paging };
    },
  }),

  ListEntitiesForPolicy: operation<ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse>({
    kind: 'read',
    access: onPolicy,
    run: (input, call) => {
      const usage = usageOf(call.account, managedPolicyOf(call, input.PolicyArn));
      const asBoundary = input.PolicyUsageFilter === 'PermissionsBoundary';
      const wants = (kind: string): boolean => input.EntityFilter === undefined || input.EntityFilter === kind;
      const users = asBoundary ? usage.boundedUsers : usage.users;
      const roles = asBoundary ? usage.boundedRoles : usage.roles;
      return {
        PolicyUsers: wants('User') ? users.map(({ name, id }) => ({ UserName: name, UserId: id })) : [],
        PolicyGroups: wants('Group') && !asBoundary ? usage.groups.map(({ name, id }) => ({ GroupName: name, GroupId: id })) : [],
        PolicyRoles: wants('Role') ? roles.map(({ name, id }) => ({ RoleName: name, RoleId: id })) : [],
        IsTruncated: false,
      };
    },
  }),
};
