import { DescribePolicyCommand, type OrganizationsClient, UpdatePolicyCommand } from '@aws-sdk/client-organizations';
import { ApplicationFailure } from '@temporalio/common';
import { parsePayload, permanent } from '../../src/contracts/failures.js';
import type { WriteInput } from '../../src/contracts/measure.js';
import type { OrganizationConfig } from '../../src/contracts/organization.js';
import { type ScpChange, type ScpOutcome, ScpWriteInput, type ScpWriteResult } from '../../src/contracts/quarantine-scp.js';
import { changeContent } from '../../src/domain/planning/scp-content.js';
import { scpTargetOf } from '../../src/domain/planning/scp-documents.js';
import type { AwsAccess } from './aws-access.js';
import { requestIdsOf } from './measures/request-ids.js';

export interface WriteQuarantineScpDeps {
  readonly access: Pick<AwsAccess, 'organizations'>;
  readonly organization: () => Promise<OrganizationConfig | undefined>;
  /** The same door as for every write: the entry is as good as the containment that asks for it. */
  readonly authorize: (input: WriteInput) => Promise<void>;
}

/**
 * Makes several changes of one quarantine SCP in one UpdatePolicy: reads, changes, writes. Each change carries its own
 * authority and is judged alone; statements of others stay. Only the workflow `quarantineScp` calls it: two writers would lose
 * entries. Needs `organizations:DescribePolicy` and `organizations:UpdatePolicy` on the policy, in the delegated account.
 *
 * @throws PreconditionFailed, permanent: the policy is none that `organization.yaml` names, or no policy document.
 * @throws PermissionDenied, permanent; Throttled, ConflictInFlight, transient.
 */
export function createWriteQuarantineScp(deps: WriteQuarantineScpDeps): (input: ScpWriteInput) => Promise<ScpWriteResult> {
  return async (raw) => {
    const { policyId, changes } = parsePayload(ScpWriteInput, raw, 'changes of a quarantine SCP');
    const client = await clientFor(deps, policyId);
    const problems = await Promise.all(changes.map((change) => problemOf(deps, change)));
    const accepted = changes.filter((_, index) => problems[index] === undefined);
    const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: policyId }));
    const next = changeContent(Policy?.Content ?? '', accepted);
    const requestIds = next.content === undefined ? [] : await update(client, { policyId, content: next.content });
    const done = next.outcomes.values();
    const outcomes = problems.map((problem): ScpOutcome => {
      if (problem !== undefined) return { policyId, result: 'refused', detail: problem, requestIds: [] };
      const { result = 'refused', detail = '' } = done.next().value ?? {};
      return { policyId, result, detail, requestIds: result === 'changed' ? requestIds : [] };
    });
    return { outcomes, characters: next.characters, unknown: [...next.unknown] };
  };
}

/** Content of each prepared quarantine SCP. Needs `organizations:DescribePolicy` in the delegated account. */
export async function readQuarantineScps({
  access,
  organization,
}: Omit<WriteQuarantineScpDeps, 'authorize'>): Promise<Map<string, string>> {
  const config = await organization();
  if (config === undefined) return new Map();
  const client = access.organizations({ account: config.hubAccount, role: 'Reader' });
  const rows = await Promise.all(
    config.quarantinePolicyIds.map(async (policyId): Promise<[string, string]> => {
      const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: policyId }));
      return [policyId, Policy?.Content ?? '{}'];
    }),
  );
  return new Map(rows);
}

async function clientFor({ access, organization }: WriteQuarantineScpDeps, policyId: string): Promise<OrganizationsClient> {
  const config = await organization();
  if (config?.quarantinePolicyIds.includes(policyId) !== true)
    throw permanent('PreconditionFailed', `organization.yaml names no quarantine SCP ${policyId}`);
  return access.organizations({ account: config.hubAccount, role: 'Responder', incidentId: 'TQ-quarantine-scp' });
}

async function update(client: OrganizationsClient, { policyId, content }: { policyId: string; content: string }): Promise<string[]> {
  return requestIdsOf(await client.send(new UpdatePolicyCommand({ PolicyId: policyId, Content: content })));
}

/** Why one change may not be made; a failure that may pass fails all of them, and is tried again. */
async function problemOf({ authorize }: WriteQuarantineScpDeps, { do: what, entry, input }: ScpChange): Promise<string | undefined> {
  if (entry.incidentId !== input.incidentId || scpTargetOf(entry.subject) !== input.call.target)
    return 'the entry is not the one its plan names';
  if ((what === 'remove') !== (input.undo !== undefined)) return 'an entry is only taken away by an undo';
  try {
    await authorize(input);
    return undefined;
  } catch (error) {
    if (error instanceof ApplicationFailure && error.nonRetryable === true) return error.message;
    throw error;
  }
}
