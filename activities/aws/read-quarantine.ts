import {
  GetGroupCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  paginateListAttachedGroupPolicies,
} from '@aws-sdk/client-iam';
import { DENY_GROUP } from '../../src/contracts/names.js';
import type { Principal } from '../../src/contracts/principal.js';
import { deniesEverything } from '../../src/domain/planning/documents.js';
import { quarantinePolicyArn } from '../../src/domain/planning/measure-calls.js';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import { orAbsent } from './or-absent.js';
import type { PartReader } from './part-reader.js';

type Quarantine = Pick<PrincipalSnapshot, 'quarantinePolicy' | 'denyGroup'>;

/** Where it was not looked at. */
export const UNKNOWN_QUARANTINE: Quarantine = { quarantinePolicy: 'unknown', denyGroup: 'unknown' };

/**
 * What the account holds ready for incident response: the quarantine policy and, for users, the deny group. Needs `iam:GetPolicy`,
 * `iam:GetPolicyVersion`, `iam:GetGroup`, `iam:ListAttachedGroupPolicies`.
 */
export async function readQuarantine(iam: IAMClient, { principal, part }: { principal: Principal; part: PartReader }): Promise<Quarantine> {
  const [quarantinePolicy, denyGroup] = await Promise.all([
    part<Quarantine['quarantinePolicy']>('quarantine policy', 'unknown', () => readPolicy(iam, principal)),
    principal.kind === 'user'
      ? part<Quarantine['denyGroup']>('deny group', 'unknown', () => readGroup(iam, quarantinePolicyArn(principal)))
      : ('absent' as const),
  ]);
  return { quarantinePolicy, denyGroup };
}

async function readPolicy(client: IAMClient, principal: Principal): Promise<Quarantine['quarantinePolicy']> {
  const PolicyArn = quarantinePolicyArn(principal);
  const found = await orAbsent(() => client.send(new GetPolicyCommand({ PolicyArn })));
  const VersionId = found?.Policy?.DefaultVersionId;
  if (VersionId === undefined) return 'absent';
  const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  // A policy of that name that does not deny everything is as good as none: attaching it would only look safe.
  return deniesEverything(decodeURIComponent(PolicyVersion?.Document ?? '')) ? 'present' : 'absent';
}

async function readGroup(client: IAMClient, policyArn: string): Promise<Quarantine['denyGroup']> {
  const group = await orAbsent(() => client.send(new GetGroupCommand({ GroupName: DENY_GROUP })));
  if (group === undefined) return 'absent';
  for await (const { AttachedPolicies = [] } of paginateListAttachedGroupPolicies({ client }, { GroupName: DENY_GROUP })) {
    if (AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policyArn)) return 'present';
  }
  return 'absent';
}
