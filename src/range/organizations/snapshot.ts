import type { Organization } from './organization.js';

/** The organization's configured state as plain JSON, everything sorted, without times: made for deep-equal. */
export type OrganizationSnapshot = {
  readonly policies: readonly {
    readonly id: string;
    readonly name: string;
    readonly content: string;
    readonly targets: readonly string[];
  }[];
  /** The root or unit of each account. */
  readonly parents: Readonly<Record<string, string>>;
  readonly resourcePolicy: string | null;
};

/** Takes a snapshot of what is configured, whether or not it is enforced yet. */
export function organizationSnapshot(organization: Organization): OrganizationSnapshot {
  return {
    policies: organization.policies().map(({ id, name, content, targets }) => ({
      id,
      name: name.latest(),
      content: content.latest(),
      targets: targets.seen().map(([target]) => target),
    })),
    parents: Object.fromEntries(organization.parents.seen()),
    resourcePolicy: organization.resourcePolicy.latest() ?? null,
  };
}
