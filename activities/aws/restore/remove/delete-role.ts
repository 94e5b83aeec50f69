import * as iamSdk from '@aws-sdk/client-iam';
import type { EradicateInput, EradicationResult } from '../../../../src/contracts/eradication.js';
import { readRoleSnapshot } from '../../read-role-snapshot.js';
import { NOTHING_RUNS } from '../../snapshot-reading.js';
import { nameOf } from '../../../../src/domain/principals/arn.js';
import { createRemoval, type RemovalDeps } from '../removal.js';
import { unlessGone } from '../../unless-gone.js';

/**
 * Deletes an IAM role that the intruder made, with its policies and the instance profiles made for it. Its sessions end with
 * it. Needs the List, Detach, Delete and Remove calls of each, and `iam:DeleteRole`.
 *
 * @throws as every removal.
 */
export function createDeleteRole(deps: RemovalDeps): (input: EradicateInput) => Promise<EradicationResult> {
  const { iam } = deps;
  return createRemoval(
    {
      action: 'deleteRole',
      copy: (target) => copyRole(iam, target),
      async remove(target) {
        const RoleName = nameOf(target);
        const { Role } = await iam.send(new iamSdk.GetRoleCommand({ RoleName }));
        const { InstanceProfiles = [] } = await iam.send(new iamSdk.ListInstanceProfilesForRoleCommand({ RoleName }));
        for (const { InstanceProfileName, CreateDate } of InstanceProfiles) {
          await unlessGone(iam.send(new iamSdk.RemoveRoleFromInstanceProfileCommand({ RoleName, InstanceProfileName })));
          // A profile holds one role: one made with the intruder's role is as useless without it as it is the intruder's.
          if (isSince(CreateDate, Role?.CreateDate))
            await unlessGone(iam.send(new iamSdk.DeleteInstanceProfileCommand({ InstanceProfileName })));
        }
        for await (const page of iamSdk.paginateListAttachedRolePolicies({ client: iam }, { RoleName }))
          for (const { PolicyArn } of page.AttachedPolicies ?? [])
            await unlessGone(iam.send(new iamSdk.DetachRolePolicyCommand({ RoleName, PolicyArn })));
        for await (const page of iamSdk.paginateListRolePolicies({ client: iam }, { RoleName }))
          for (const PolicyName of page.PolicyNames ?? [])
            await unlessGone(iam.send(new iamSdk.DeleteRolePolicyCommand({ RoleName, PolicyName })));
        return unlessGone(iam.send(new iamSdk.DeleteRoleCommand({ RoleName })));
      },
    },
    deps,
  );
}

function isSince(made: Date | undefined, role: Date | undefined): boolean {
  return made !== undefined && role !== undefined && made.getTime() >= role.getTime();
}

function copyRole(iam: iamSdk.IAMClient, arn: string): Promise<unknown> {
  const account = arn.split(':')[4] ?? '';
  const principal = { account, kind: 'role' as const, name: nameOf(arn), arn, uniqueId: 'unknown', lockId: 'none', ownerSubjects: [] };
  return readRoleSnapshot({ iam, principal, readBy: 'eradication', depth: 'plan', compute: () => Promise.resolve(NOTHING_RUNS) });
}
