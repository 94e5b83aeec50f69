import type { FacetMap } from '../facets/facet-map.js';
import type { Account } from './account.js';
import type { PolicyHolder } from './model.js';
import { documentOf } from './policy-versions.js';

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
    /** By id, with the status. */
    readonly serviceCredentials: Readonly<Record<string, string>>;
    readonly sshKeys: Readonly<Record<string, string>>;
    readonly certificates: Readonly<Record<string, string>>;
    readonly mfaDevices: readonly string[];
  })[];
  readonly groups: readonly PoliciesSnapshot[];
  readonly roles: readonly (PoliciesSnapshot & { readonly boundary: string | null; readonly trust: string })[];
  readonly policies: readonly { readonly arn: string; readonly document: string }[];
  readonly instanceProfiles: readonly { readonly name: string; readonly role: string | null }[];
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
      serviceCredentials: statuses(user.serviceCredentials),
      sshKeys: statuses(user.sshKeys),
      certificates: statuses(user.certificates),
      mfaDevices: user.mfaDevices.seen().map(([serial]) => serial),
    })),
    groups: account.groups.list().map(policiesSnapshot),
    roles: account.roles
      .list()
      .map((role) => ({ ...policiesSnapshot(role), boundary: role.boundary.latest() ?? null, trust: role.trust.latest() })),
    policies: account.policies
      .list()
      .filter(({ isAwsManaged }) => !isAwsManaged)
      .map((policy) => ({ arn: policy.arn, document: documentOf(policy) })),
    instanceProfiles: account.instanceProfiles.list().map(({ name, role }) => ({ name, role: role.latest() ?? null })),
  };
}

function statuses(credentials: FacetMap<{ readonly status: string }>): Record<string, string> {
  return Object.fromEntries(credentials.seen().map(([id, { status }]) => [id, status]));
}

function policiesSnapshot({ name, path, id, inline, attached }: PolicyHolder): PoliciesSnapshot {
  return { name, path, id, inline: Object.fromEntries(inline.seen()), attached: attached.seen().map(([arn]) => arn) };
}
