import type { Organization } from './organization.js';

/** ARN of a root, unit, account or policy by its id, also where there is none (service authorization reference, AWS Organizations). */
export function arnOf(organization: Organization, id: string): string {
  const { managementAccountId, id: organizationId } = organization;
  if (id.startsWith('p-'))
    return (
      organization.policy(id)?.arn ?? `arn:aws:organizations::${managementAccountId}:policy/${organizationId}/service_control_policy/${id}`
    );
  const kind = id.startsWith('r-') ? 'root' : id.startsWith('ou-') ? 'ou' : 'account';
  return `arn:aws:organizations::${managementAccountId}:${kind}/${organizationId}/${id}`;
}
