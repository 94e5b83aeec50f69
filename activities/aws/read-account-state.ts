import { GetAccountAuthorizationDetailsCommand, type IAMClient, type RoleDetail, type UserDetail } from '@aws-sdk/client-iam';
import { QUARANTINE_PREFIX } from '../../src/contracts/names.js';
import { byText } from '../../src/domain/lineage/values.js';
import { sha256Of } from '../../src/domain/canonical-json.js';
import type { AccountEntity, AccountState } from '../../src/domain/growth/account-state.js';
import { DENY_ALL_BOUNDARY_NAME, REVOKE_SESSIONS_PREFIX } from '../../src/domain/planning/documents.js';

/** Entries a page; more than these pages is not read in the time a containment has. */
const PAGE_SIZE = 1000;
const MAX_PAGES = 5;

/**
 * The account's users, roles and customer managed policies in a form that can be compared. Needs
 * `iam:GetAccountAuthorizationDetails`.
 */
export async function readAccountState(iam: Pick<IAMClient, 'send'>, readAt: string): Promise<AccountState> {
  const state: AccountState = { readAt, users: [], roles: [], policies: [], complete: true };
  let Marker: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await iam.send(
      new GetAccountAuthorizationDetailsCommand({
        Filter: ['User', 'Role', 'LocalManagedPolicy'],
        MaxItems: PAGE_SIZE,
        ...(Marker === undefined ? {} : { Marker }),
      }),
    );
    state.users.push(...(answer.UserDetailList ?? []).map(userEntity));
    state.roles.push(...(answer.RoleDetailList ?? []).map(roleEntity));
    state.policies.push(
      ...(answer.Policies ?? []).map(({ Arn = '', CreateDate, DefaultVersionId = '' }) => ({
        arn: Arn,
        createdMs: CreateDate?.getTime() ?? 0,
        defaultVersion: DefaultVersionId,
      })),
    );
    Marker = answer.Marker;
    if (answer.IsTruncated !== true || Marker === undefined) return state;
  }
  return { ...state, complete: false };
}

function userEntity(user: UserDetail): AccountEntity {
  const { Arn = '', UserId = '', CreateDate, GroupList = [], UserPolicyList = [], AttachedManagedPolicies = [] } = user;
  const policies = policiesOf({ inline: UserPolicyList, attached: AttachedManagedPolicies, boundary: user.PermissionsBoundary });
  const groups = GroupList.filter((name) => name !== QUARANTINE_PREFIX).toSorted();
  return { arn: Arn, id: UserId, createdMs: CreateDate?.getTime() ?? 0, policies: sha256Of({ ...policies, groups }), trust: '' };
}

function roleEntity(role: RoleDetail): AccountEntity {
  const { Arn = '', RoleId = '', CreateDate, RolePolicyList = [], AttachedManagedPolicies = [], AssumeRolePolicyDocument = '' } = role;
  const policies = policiesOf({ inline: RolePolicyList, attached: AttachedManagedPolicies, boundary: role.PermissionsBoundary });
  return {
    arn: Arn,
    id: RoleId,
    createdMs: CreateDate?.getTime() ?? 0,
    policies: sha256Of(policies),
    trust: sha256Of(AssumeRolePolicyDocument),
  };
}

interface Holder {
  readonly inline: readonly { readonly PolicyName?: string | undefined; readonly PolicyDocument?: string | undefined }[];
  readonly attached: readonly { readonly PolicyArn?: string | undefined }[];
  readonly boundary: { readonly PermissionsBoundaryArn?: string | undefined } | undefined;
}

/** Without what incident response puts there: its own writes are no growth. */
function policiesOf({ inline, attached, boundary }: Holder): Record<string, unknown> {
  const isOurs = (name: string): boolean => name.startsWith(QUARANTINE_PREFIX) || name.startsWith(REVOKE_SESSIONS_PREFIX);
  const arn = boundary?.PermissionsBoundaryArn ?? '';
  return {
    inline: inline
      .map(({ PolicyName = '', PolicyDocument = '' }) => [PolicyName, PolicyDocument])
      .filter(([name = '']) => !isOurs(name))
      .toSorted(([a = ''], [b = '']) => byText(a, b)),
    attached: attached
      .map(({ PolicyArn = '' }) => PolicyArn)
      .filter((one) => !one.endsWith(`/${QUARANTINE_PREFIX}`))
      .toSorted(),
    boundary: arn.endsWith(DENY_ALL_BOUNDARY_NAME) ? '' : arn,
  };
}
