import { readTemplate } from './cloudformation.js';
import type { TemplateContents } from './cloudformation-resources.js';
import type { OrganizationPlan } from './organization-schema.js';
import type { AccountContents, Scenario } from './schema.js';

/**
 * Deploys the scenario's templates: their policies, groups and roles stand before those that the scenario writes itself, and
 * what it takes of the organization's policies by logical id is filled in.
 *
 * @param sourceOf the text of a template by its name.
 * @throws Error for what a template does not have or the reader does not know
 */
export function applyTemplates(scenario: Scenario, sourceOf: (file: string) => string): Scenario {
  const { organization } = scenario;
  const policyIds = Object.fromEntries(
    (organization?.policies ?? []).flatMap(({ id, template }) => (template === undefined ? [] : [[template, id]])),
  );
  const deployed = scenario.templates.flatMap(({ file, accounts, parameters }) =>
    accounts.map((accountId) => ({ accountId, contents: readTemplate(sourceOf(file), { accountId, parameters, policyIds }) })),
  );
  const filled = <T extends AccountContents>(id: string, own: T): T =>
    deployed.filter(({ accountId }) => accountId === id).reduce((before, { contents }) => withContents(before, contents), own);
  const known = new Set([scenario.account.id, ...scenario.accounts.map(({ id }) => id)]);
  const stray = deployed.find(({ accountId }) => !known.has(accountId));
  if (stray !== undefined) throw new Error(`a template is deployed in the unknown account ${stray.accountId}`);
  return {
    ...filled(scenario.account.id, scenario),
    accounts: scenario.accounts.map((account) => filled(account.id, account)),
    organization:
      organization === undefined
        ? undefined
        : withPolicies(
            organization,
            deployed.map(({ contents }) => contents),
          ),
  };
}

function withContents<T extends AccountContents>(own: T, { policies, groups, roles }: TemplateContents): T {
  return {
    ...own,
    policies: [...policies, ...own.policies],
    groups: [...groups, ...own.groups],
    roles: [...roles, ...own.roles],
  };
}

function withPolicies(organization: OrganizationPlan, contents: readonly TemplateContents[]): OrganizationPlan {
  const scps = contents.flatMap((one) => one.scps);
  const resourcePolicies = new Map(contents.flatMap((one) => Object.entries(one.resourcePolicies)));
  const { resourcePolicy } = organization;
  return {
    ...organization,
    policies: organization.policies.map((policy) => {
      const found = scps.find(({ logicalId }) => logicalId === policy.template);
      if (policy.template === undefined) return policy;
      if (found === undefined) throw new Error(`no template has the policy ${policy.template}`);
      const targets = [...new Set([...policy.targets, ...found.targets])];
      return { ...policy, name: found.name, document: { ...found.document }, targets };
    }),
    resourcePolicy: typeof resourcePolicy === 'string' ? (resourcePolicies.get(resourcePolicy) ?? resourcePolicy) : resourcePolicy,
  };
}
