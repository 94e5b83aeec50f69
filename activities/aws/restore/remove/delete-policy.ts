import * as iamSdk from '@aws-sdk/client-iam';
import type { EradicateInput, EradicationResult } from '../../../../src/contracts/eradication.js';
import { createRemoval, type RemovalDeps } from '../removal.js';
import { unlessGone } from '../../unless-gone.js';

/**
 * Deletes a customer managed policy that the intruder made, from everything it is attached to, with all its versions.
 * Needs `iam:ListEntitiesForPolicy`, the Detach calls, `ListPolicyVersions`, `GetPolicyVersion`, `DeletePolicyVersion`,
 * `DeletePolicy`.
 *
 * @throws as every removal.
 */
export function createDeletePolicy(deps: RemovalDeps): (input: EradicateInput) => Promise<EradicationResult> {
  const { iam } = deps;
  return createRemoval(
    {
      action: 'deletePolicy',
      copy: (target) => copyPolicy(iam, target),
      async remove(PolicyArn) {
        const held = await iam.send(new iamSdk.ListEntitiesForPolicyCommand({ PolicyArn }));
        for (const { UserName } of held.PolicyUsers ?? [])
          await unlessGone(iam.send(new iamSdk.DetachUserPolicyCommand({ UserName, PolicyArn })));
        for (const { RoleName } of held.PolicyRoles ?? [])
          await unlessGone(iam.send(new iamSdk.DetachRolePolicyCommand({ RoleName, PolicyArn })));
        for (const { GroupName } of held.PolicyGroups ?? [])
          await unlessGone(iam.send(new iamSdk.DetachGroupPolicyCommand({ GroupName, PolicyArn })));
        const { Versions = [] } = await iam.send(new iamSdk.ListPolicyVersionsCommand({ PolicyArn }));
        for (const { VersionId, IsDefaultVersion } of Versions)
          if (IsDefaultVersion !== true) await unlessGone(iam.send(new iamSdk.DeletePolicyVersionCommand({ PolicyArn, VersionId })));
        return unlessGone(iam.send(new iamSdk.DeletePolicyCommand({ PolicyArn })));
      },
    },
    deps,
  );
}

async function copyPolicy(iam: iamSdk.IAMClient, PolicyArn: string): Promise<unknown> {
  const [{ Policy }, { Versions = [] }, held] = await Promise.all([
    iam.send(new iamSdk.GetPolicyCommand({ PolicyArn })),
    iam.send(new iamSdk.ListPolicyVersionsCommand({ PolicyArn })),
    iam.send(new iamSdk.ListEntitiesForPolicyCommand({ PolicyArn })),
  ]);
  const versions = await Promise.all(
    Versions.map(async ({ VersionId, IsDefaultVersion }) => {
      const { PolicyVersion } = await iam.send(new iamSdk.GetPolicyVersionCommand({ PolicyArn, VersionId }));
      return { VersionId, IsDefaultVersion, Document: decodeURIComponent(PolicyVersion?.Document ?? '') };
    }),
  );
  const { PolicyUsers = [], PolicyRoles = [], PolicyGroups = [] } = held;
  return {
    policy: { ...Policy, CreateDate: Policy?.CreateDate?.toISOString(), UpdateDate: Policy?.UpdateDate?.toISOString() },
    versions,
    PolicyUsers,
    PolicyRoles,
    PolicyGroups,
  };
}
