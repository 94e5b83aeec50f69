import { readQuarantine } from '../../activities/aws/read-quarantine.js';
import { readScpCapability } from '../../activities/aws/read-scp-capability.js';
import { readQuarantineScps } from '../../activities/aws/write-quarantine-scp.js';
import { createPartReader } from '../../activities/aws/part-reader.js';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Env } from '../config/env.js';
import type { OrganizationConfig } from '../contracts/organization.js';
import type { PrincipalSnapshot, ScpCapability } from '../domain/planning/principal-snapshot.js';
import { createPolicies } from '../playbooks/load.js';
import type { AwsRole } from '../ports/aws-access.js';
import { createAwsAccess } from './aws-access.js';
import { awsIdentities } from './aws-identities.js';

/** Every question fails loudly with what AWS said. */
export interface OrganizationProbe {
  readonly config: OrganizationConfig;
  readonly accounts: readonly string[];
  /** ARN of the session that the role gives. */
  becomes(account: string, role: AwsRole): Promise<string>;
  quarantineIn(account: string): Promise<Pick<PrincipalSnapshot, 'quarantinePolicy' | 'denyGroup'>>;
  scpOn(account: string): Promise<ScpCapability>;
  /** Characters used, by quarantine policy. */
  quarantineScps(): Promise<ReadonlyMap<string, number>>;
}

/** Asks the organization what `doctor` wants to know; undefined where none is configured. Reads only. */
export async function createOrganizationProbe(env: Env): Promise<OrganizationProbe | undefined> {
  const policies = createPolicies(env.policyDir);
  const [config, rails] = await Promise.all([policies.organization(), policies.rails()]);
  if (config === undefined) return undefined;
  const access = createAwsAccess(awsIdentities(env, undefined), config);
  const incidentId = 'TQ-doctor';
  return {
    config,
    accounts: rails.accounts.filter((account) => account !== config.hubAccount && account !== config.managementAccount),
    becomes: async (account, role) =>
      (await access.sts({ account, role, incidentId }).send(new GetCallerIdentityCommand({}))).Arn ?? 'unknown',
    quarantineIn: (account) => {
      const principal = {
        account,
        kind: 'user' as const,
        name: '',
        arn: `arn:aws:iam::${account}:user/none`,
        uniqueId: '',
        lockId: '',
        ownerSubjects: [],
      };
      return readQuarantine(access.iam({ account, role: 'Reader', incidentId }), { principal, part: createPartReader([]) });
    },
    scpOn: (account) =>
      readScpCapability(access.organizations({ account: config.hubAccount, role: 'Reader', incidentId }), { account, config }),
    quarantineScps: async () => {
      const contents = await readQuarantineScps({ access, organization: async () => config });
      return new Map([...contents].map(([policyId, content]) => [policyId, content.length]));
    },
  };
}
