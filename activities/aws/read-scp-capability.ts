import {
  DescribePolicyCommand,
  ListParentsCommand,
  type OrganizationsClient,
  paginateListTargetsForPolicy,
} from '@aws-sdk/client-organizations';
import type { OrganizationConfig } from '../../src/contracts/organization.js';
import { guardsQuarantine } from '../../src/domain/planning/scp-guard.js';
import type { ScpCapability } from '../../src/domain/planning/principal-snapshot.js';

/** An organization has at most five levels of organizational units (AWS Organizations quotas). */
const MAX_LEVELS = 7;

/**
 * What the organization offers against a principal of an account: whether the SCP guard is in force there, and which quarantine SCPs.
 * Needs `organizations:ListParents`, `ListTargetsForPolicy`, `DescribePolicy` in the delegated account.
 */
export async function readScpCapability(
  client: OrganizationsClient,
  { account, config }: { account: string; config: OrganizationConfig },
): Promise<ScpCapability> {
  if (account === config.managementAccount) return { guard: 'absent', quarantinePolicyIds: [], isManagement: true };
  const above = new Set(await ancestorsOf(client, account));
  const inForce = async (policyId: string): Promise<boolean> => (await targetsOf(client, policyId)).some((target) => above.has(target));
  const [guard, ...quarantine] = await Promise.all([
    readGuard(client, { policyId: config.guardPolicyId, inForce }),
    ...config.quarantinePolicyIds.map(async (policyId) => ((await inForce(policyId)) ? [policyId] : [])),
  ]);
  return { guard, quarantinePolicyIds: quarantine.flat(), isManagement: false };
}

async function readGuard(
  client: OrganizationsClient,
  { policyId, inForce }: { policyId: string | undefined; inForce: (policyId: string) => Promise<boolean> },
): Promise<ScpCapability['guard']> {
  if (policyId === undefined || !(await inForce(policyId))) return 'absent';
  const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: policyId }));
  // A policy of that id that guards something else is as good as none.
  return guardsQuarantine(Policy?.Content ?? '') ? 'present' : 'absent';
}

/** The account with every organizational unit above it and the root. */
async function ancestorsOf(client: OrganizationsClient, account: string): Promise<string[]> {
  const chain = [account];
  for (let level = 0; level < MAX_LEVELS; level += 1) {
    const { Parents = [] } = await client.send(new ListParentsCommand({ ChildId: chain.at(-1) ?? '' }));
    const [parent] = Parents;
    if (parent?.Id === undefined) break;
    chain.push(parent.Id);
    if (parent.Type === 'ROOT') break;
  }
  return chain;
}

async function targetsOf(client: OrganizationsClient, PolicyId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { Targets = [] } of paginateListTargetsForPolicy({ client }, { PolicyId })) {
    for (const { TargetId } of Targets) if (TargetId !== undefined) ids.push(TargetId);
  }
  return ids;
}
