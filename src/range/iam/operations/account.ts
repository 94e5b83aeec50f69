import type {
  GetAccountAuthorizationDetailsRequest,
  GetAccountAuthorizationDetailsResponse,
  GetAccountSummaryResponse,
  GroupDetail,
  ListAccountAliasesRequest,
  ListAccountAliasesResponse,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  UserDetail,
} from '@aws-sdk/client-iam';
import { operation, type Operations } from '../../server/operation.js';
import type { Call } from '../../server/call.js';
import { keysOf, onAccount, profilesWith } from '../lookup.js';
import type { Group, ManagedPolicy, PolicyHolder, Role, User } from '../model.js';
import { pageOf } from '../paging.js';
import { versionsOf } from '../policy-versions.js';
import {
  attachedShapes,
  encodeDocument,
  groupShape,
  instanceProfileShape,
  policyShape,
  roleShape,
  tagShapes,
  userShape,
  versionShape,
} from '../shapes.js';
import { countsOf } from '../usage.js';

type Details = {
  UserDetailList: UserDetail[];
  GroupDetailList: GroupDetail[];
  RoleDetailList: RoleDetail[];
  Policies: ManagedPolicyDetail[];
};

/** Calls about the account as a whole. */
export const accountOperations: Operations = {
  ListAccountAliases: operation<ListAccountAliasesRequest, ListAccountAliasesResponse>({
    kind: 'read',
    access: onAccount,
    run: (_input, call) => ({ AccountAliases: [call.account.alias], IsTruncated: false }),
  }),

  GetAccountSummary: operation<object, GetAccountSummaryResponse>({
    kind: 'read',
    access: onAccount,
    run: (_input, call) => {
      const { account } = call;
      return {
        SummaryMap: {
          Users: account.users.list().length,
          Groups: account.groups.list().length,
          Roles: account.roles.list().length,
          Policies: account.policies.list().filter(({ isAwsManaged }) => !isAwsManaged).length,
          AccessKeysPerUserQuota: 2,
          AttachedPoliciesPerUserQuota: 10,
          UserPolicySizeQuota: 2048,
          AccountMFAEnabled: account.root.mfaDevices.seen().length > 0 ? 1 : 0,
          AccountPasswordPresent: account.root.loginProfile.latest() === undefined ? 0 : 1,
          AccountAccessKeysPresent: keysOf(call, account.root).length > 0 ? 1 : 0,
          AccountSigningCertificatesPresent: account.root.certificates.seen().length > 0 ? 1 : 0,
        },
      };
    },
  }),

  GetAccountAuthorizationDetails: operation<GetAccountAuthorizationDetailsRequest, GetAccountAuthorizationDetailsResponse>({
    kind: 'read',
    access: onAccount,
    run: (input, call) => {
      const { account, view } = call;
      const wants = (filter: string): boolean => input.Filter === undefined || input.Filter.some((one) => one === filter);
      const entries = [
        ...(wants('User') ? account.users.list(view) : []),
        ...(wants('Group') ? account.groups.list(view) : []),
        ...(wants('Role') ? account.roles.list(view) : []),
        ...account.policies.list(view).filter(({ isAwsManaged }) => wants(isAwsManaged ? 'AWSManagedPolicy' : 'LocalManagedPolicy')),
      ];
      const { page, paging } = pageOf<User | Group | Role | ManagedPolicy>(entries, input);
      const answer: Details = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] };
      for (const entry of page) {
        if (!('kind' in entry)) answer.Policies.push(policyDetail(call, entry));
        else if (entry.kind === 'user') answer.UserDetailList.push(userDetail(call, entry));
        else if (entry.kind === 'group') answer.GroupDetailList.push(groupDetail(call, entry));
        else answer.RoleDetailList.push(roleDetail(call, entry));
      }
      return { ...answer, ...paging };
    },
  }),
};

function inlineDetails(call: Call, holder: PolicyHolder): PolicyDetail[] {
  return holder.inline.seen(call.view).map(([PolicyName, document]) => ({ PolicyName, PolicyDocument: encodeDocument(document) }));
}

function userDetail(call: Call, user: User): UserDetail {
  return {
    ...userShape(user, { view: call.view, detail: 'full' }),
    UserPolicyList: inlineDetails(call, user),
    GroupList: user.groups.seen(call.view).map(([name]) => name),
    AttachedManagedPolicies: attachedShapes(user, call.view),
    Tags: tagShapes(user.tags, call.view),
  };
}

function groupDetail(call: Call, group: Group): GroupDetail {
  return { ...groupShape(group), GroupPolicyList: inlineDetails(call, group), AttachedManagedPolicies: attachedShapes(group, call.view) };
}

function roleDetail(call: Call, role: Role): RoleDetail {
  return {
    ...roleShape(role, call.view),
    RolePolicyList: inlineDetails(call, role),
    AttachedManagedPolicies: attachedShapes(role, call.view),
    InstanceProfileList: profilesWith(call, role).map((profile) => instanceProfileShape(profile, call.account, call.view)),
  };
}

function policyDetail(call: Call, policy: ManagedPolicy): ManagedPolicyDetail {
  const { account, view } = call;
  const versions = versionsOf(policy, view).map((version) => versionShape(policy, version, { view, detail: 'full' }));
  return { ...policyShape(policy, countsOf(account, policy), view), PolicyVersionList: versions };
}
