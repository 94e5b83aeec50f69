import { GetPolicyCommand, type IAMClient, paginateListEntitiesForPolicy, paginateListPolicyVersions } from '@aws-sdk/client-iam';
import type { Principal } from '../../src/contracts/principal.js';
import type { OwnPolicy } from '../../src/domain/planning/principal-snapshot.js';

/** More say little: only a plan whose other layers have no room looks at them. */
const MAX_POLICIES = 5;

/** The customer managed policies among those attached to a principal, each with everybody else it is in force for. Needs what `readOwnPolicy` needs. */
export async function readOwnPolicies(
  iam: IAMClient,
  { arns, principal }: { arns: readonly string[]; principal: Pick<Principal, 'kind' | 'name'> },
): Promise<OwnPolicy[]> {
  const own = arns.filter((arn) => !arn.includes(':iam::aws:') && !arn.includes(':policy/ir/')).slice(0, MAX_POLICIES);
  return Promise.all(own.map((arn) => readOwnPolicy(iam, { arn, principal })));
}

/** One managed policy with its users. Needs `iam:GetPolicy`, `iam:ListPolicyVersions`, `iam:ListEntitiesForPolicy`. */
export async function readOwnPolicy(
  client: IAMClient,
  { arn, principal }: { arn: string; principal: Pick<Principal, 'kind' | 'name'> },
): Promise<OwnPolicy> {
  const [{ Policy }, versions, attached, boundaryOf] = await Promise.all([
    client.send(new GetPolicyCommand({ PolicyArn: arn })),
    countVersions(client, arn),
    entitiesOf(client, { arn, usage: 'PermissionsPolicy' }),
    entitiesOf(client, { arn, usage: 'PermissionsBoundary' }),
  ]);
  const own = `${principal.kind}/${principal.name}`;
  return { arn, versions, defaultVersion: Policy?.DefaultVersionId ?? '', others: attached.filter((name) => name !== own), boundaryOf };
}

async function countVersions(client: IAMClient, PolicyArn: string): Promise<number> {
  let count = 0;
  for await (const { Versions = [] } of paginateListPolicyVersions({ client }, { PolicyArn })) count += Versions.length;
  return count;
}

async function entitiesOf(
  client: IAMClient,
  { arn, usage }: { arn: string; usage: 'PermissionsPolicy' | 'PermissionsBoundary' },
): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListEntitiesForPolicy({ client }, { PolicyArn: arn, PolicyUsageFilter: usage })) {
    names.push(...(page.PolicyUsers ?? []).map(({ UserName = '' }) => `user/${UserName}`));
    names.push(...(page.PolicyGroups ?? []).map(({ GroupName = '' }) => `group/${GroupName}`));
    names.push(...(page.PolicyRoles ?? []).map(({ RoleName = '' }) => `role/${RoleName}`));
  }
  return names;
}
