import type { OrganizationConfig } from '../contracts/organization.js';
import type { Range } from '../range/index.js';

/** `organization.yaml` of the range's scenario of that name; undefined for an account alone. */
export function organizationOf({ organization }: Pick<Range, 'organization'>): OrganizationConfig | undefined {
  if (organization === undefined) return undefined;
  const { delegatedAccountId: hubAccount, managementAccountId: managementAccount } = organization;
  return {
    version: '1',
    hubAccount,
    managementAccount,
    orchestratorRoleArn: `arn:aws:iam::${hubAccount}:role/ir/Orchestrator`,
    externalId: 'acme-tourniquet',
    guardPolicyId: 'p-tqguard1',
    quarantinePolicyIds: ['p-tqquar01', 'p-tqquar02'],
    identityCenter: { instanceArn: 'arn:aws:sso:::instance/ssoins-7223a1c0ffee0001', identityStoreId: 'd-90671c1f2a', region: 'us-east-1' },
  };
}
