import {
  GetRoleCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  type AccessKeyMetadata,
  type AttachedPolicy,
  type AttachedPermissionsBoundary,
  type Group,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { isRefusal, type Principal } from './arsenal.js';
import type { Attempt, Stage } from './stage.js';

/** What hangs on a principal and can stop it. */
export type Belongings = {
  readonly inline: readonly string[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly groups: readonly string[];
  /** ARN of the permissions boundary. */
  readonly boundary: string | undefined;
  readonly inactiveKeys: readonly string[];
};

/** A part of an answer; each read gives one of them. */
type Part = {
  readonly PolicyNames?: string[] | undefined;
  readonly AttachedPolicies?: AttachedPolicy[] | undefined;
  readonly Groups?: Group[] | undefined;
  readonly AccessKeyMetadata?: AccessKeyMetadata[] | undefined;
  readonly User?: { readonly PermissionsBoundary?: AttachedPermissionsBoundary | undefined } | undefined;
  readonly Role?: { readonly PermissionsBoundary?: AttachedPermissionsBoundary | undefined } | undefined;
};

/** Reads all of it at once; undefined when the reader is refused, or the principal is gone. */
export async function readBelongings(
  stage: Stage,
  { iam, principal }: { iam: IAMClient; principal: Principal },
): Promise<Belongings | 'refused' | 'gone'> {
  const parts = await stage.together(readsOf(iam, principal).map((read) => () => stage.attempt(read())));
  const failed = parts.find((part): part is Extract<Attempt<Part>, { allowed: false }> => !part.allowed);
  if (failed !== undefined) return isRefusal(failed.errorCode) ? 'refused' : 'gone';
  const all = parts.flatMap((part) => (part.allowed ? [part.answer] : []));
  return {
    inline: all.flatMap(({ PolicyNames = [] }) => PolicyNames),
    attached: all.flatMap(({ AttachedPolicies = [] }) => AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? [])),
    groups: all.flatMap(({ Groups = [] }) => Groups.flatMap(({ GroupName }) => GroupName ?? [])),
    boundary: all.map(({ User, Role }) => (User ?? Role)?.PermissionsBoundary?.PermissionsBoundaryArn).find((arn) => arn !== undefined),
    inactiveKeys: all.flatMap(({ AccessKeyMetadata: keys = [] }) =>
      keys.flatMap(({ AccessKeyId: id, Status }) => (Status === 'Inactive' && id !== undefined ? [id] : [])),
    ),
  };
}

function readsOf(iam: IAMClient, { kind, name }: Principal): (() => Promise<Part>)[] {
  switch (kind) {
    case 'user':
      return [
        () => iam.send(new GetUserCommand({ UserName: name })),
        () => iam.send(new ListUserPoliciesCommand({ UserName: name })),
        () => iam.send(new ListAttachedUserPoliciesCommand({ UserName: name })),
        () => iam.send(new ListGroupsForUserCommand({ UserName: name })),
        () => iam.send(new ListAccessKeysCommand({ UserName: name })),
      ];
    case 'role':
      return [
        () => iam.send(new GetRoleCommand({ RoleName: name })),
        () => iam.send(new ListRolePoliciesCommand({ RoleName: name })),
        () => iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name })),
      ];
    case 'root':
      // Without a name it is about the caller's own, and policies never hang on root.
      return [() => iam.send(new ListAccessKeysCommand({}))];
  }
}
