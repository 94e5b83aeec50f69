import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListEntitiesForPolicyRequest,
  ListEntitiesForPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import { parsePolicy } from '../../policy/document.js';
import { operation, type Operations } from '../../server/operation.js';
import { managedPolicyOf, onAccount, onPolicy } from '../lookup.js';
import { pageOf } from '../paging.js';
import { encodeDocument, policyShape } from '../shapes.js';
import { countsOf, usageOf } from '../usage.js';

/** A managed policy holds at most this many characters, white space not counted (IAM quotas). */
const MAX_CHARACTERS = 6144;

/** The only version here: the range has no CreatePolicyVersion. */
const ONLY_VERSION = 'v1';

/** Calls about managed policies. */
export const managedPolicyOperations: Operations = {
  CreatePolicy: operation<CreatePolicyRequest, CreatePolicyResponse>({
    kind: 'write',
    access: ({ PolicyName: name = '', Path: path = '/' }, call) => ({
      resources: [`arn:aws:iam::${call.account.id}:policy${path}${name}`],
    }),
    run: (input, call) => {
      const name = required(input.PolicyName, 'PolicyName');
      const document = required(input.PolicyDocument, 'PolicyDocument');
      parsePolicy(document);
      if (document.replace(/\s/g, '').length > MAX_CHARACTERS)
        throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${MAX_CHARACTERS}`, 409);
      // IAM wants names unique across paths.
      if (call.account.policies.list().some((policy) => !policy.isAwsManaged && policy.name === name))
        throw new AwsError('EntityAlreadyExists', `A policy called ${name} already exists. Duplicate names are not allowed.`, 409);
      const policy = call.account.addPolicy({ name, path: input.Path, document, description: input.Description });
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
      policy.exists.set(false, call.change());
      return {};
    },
  }),

  GetPolicy: operation<GetPolicyRequest, GetPolicyResponse>({
    kind: 'read',
    access: onPolicy,
    run: (input, call) => {
      const policy = managedPolicyOf(call, input.PolicyArn);
      return { Policy: policyShape(policy, countsOf(call.account, policy)) };
    },
  }),

  GetPolicyVersion: operation<GetPolicyVersionRequest, GetPolicyVersionResponse>({
    kind: 'read',
    access: onPolicy,
    run: (input, call) => {
      const policy = managedPolicyOf(call, input.PolicyArn);
      if (input.VersionId !== ONLY_VERSION) throw noSuchEntity('policy version', input.VersionId ?? '');
      return {
        PolicyVersion: {
          Document: encodeDocument(policy.document),
          VersionId: ONLY_VERSION,
          IsDefaultVersion: true,
          CreateDate: new Date(policy.createdAt),
        },
      };
    },
  }),

  ListPolicyVersions: operation<ListPolicyVersionsRequest, ListPolicyVersionsResponse>({
    kind: 'read',
    access: onPolicy,
    run: (input, call) => {
      const policy = managedPolicyOf(call, input.PolicyArn);
      return {
        Versions: [{ VersionId: ONLY_VERSION, IsDefaultVersion: true, CreateDate: new Date(policy.createdAt) }],
        IsTruncated: false,
      };
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
      return { Policies: page.map(({ policy, counts }) => policyShape(policy, counts)), ...paging };
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
