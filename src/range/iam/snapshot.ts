import type { Account } from './account.js';
import type { PolicyHolder } from './model.js';

/** Policies of one principal, as configured. */
export type PoliciesSnapshot = {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly inline: Readonly<Record<string, string>>;
  readonly attached: readonly string[];
};

/** The account's configured state as plain JSON, everything sorted, without times: made for deep-equal. */
export type IamStateSnapshot = {
  readonly users: readonly (PoliciesSnapshot & {
    readonly keys: readonly { readonly accessKeyId: string; readonly status: string }[];
    readonly boundary: string | null;
    readonly tags: Readonly<Record<string, string>>;
    readonly groups: readonly string[];
    readonly hasPassword: boolean;
  })[];
  readonly groups: readonly PoliciesSnapshot[];
  readonly roles: readonly (PoliciesSnapshot & { readonly boundary: string | null; readonly trust: string })[];
  readonly policies: readonly { readonly arn: string; readonly document: string }[];
};

/** Takes a snapshot of what is configured, whether or not it is enforced yet. */
export function snapshotOf(account: Account): IamStateSnapshot {
  return {
    users: account.users.list().map((user) => ({
      ...policiesSnapshot(user),
      keys: account.credentials
        .all()
        .filter(
          ({ bearer, session, status }) =>
            session === undefined && bearer.kind === 'user' && bearer.user === user && status.latest() !== 'Deleted',
        )
        .map(({ accessKeyId, status }) => ({ accessKeyId, status: status.latest() }))
        .sort((left, right) => (left.accessKeyId < right.accessKeyId ? -1 : 1)),
      boundary: user.boundary.latest() ?? null,
      tags: Object.fromEntries(user.tags.seen()),
      groups: user.groups.seen().map(([name]) => name),
      hasPassword: user.loginProfile.latest() !== undefined,
    })),
    groups: account.groups.list().map(policiesSnapshot),
    roles: account.roles
      .list()
      .map((role) => ({ ...policiesSnapshot(role), boundary: role.boundary.latest() ?? null, trust: role.trust.latest() })),
    policies: account.policies
      .list()
      .filter(({ isAwsManaged }) => !isAwsManaged)
      .map(({ arn, document }) => ({ arn, document })),
  };
}

function policiesSnapshot({ name, path, id, inline, attached }: PolicyHolder): PoliciesSnapshot {
  return { name, path, id, inline: Object.fromEntries(inline.seen()), attached: attached.seen().map(([arn]) => arn) };
}
