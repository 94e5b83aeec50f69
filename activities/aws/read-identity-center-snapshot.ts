import { DescribeUserCommand, type IdentitystoreClient } from '@aws-sdk/client-identitystore';
import {
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  paginateListAccountAssignmentsForPrincipal,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { OrganizationConfig } from '../../src/contracts/organization.js';
import type { Principal } from '../../src/contracts/principal.js';
import { permanent } from '../../src/contracts/failures.js';
import type { AssignedPermissionSet, PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import { emptySnapshot } from './empty-snapshot.js';
import { createPartReader } from './part-reader.js';
import type { SnapshotDeps } from './read-snapshot.js';
import type { SnapshotSubject } from './snapshot-reading.js';

type IdentityCenter = NonNullable<OrganizationConfig['identityCenter']>;

/**
 * A person of Identity Center as it is in one account. Needs what `readPerson` and `readPermissionSets` need.
 *
 * @throws PreconditionFailed, permanent: `organization.yaml` names no Identity Center. ResourceNotFoundException: there is no such person.
 */
export async function readIdentityCenterSnapshot(deps: SnapshotDeps, subject: SnapshotSubject): Promise<PrincipalSnapshot> {
  const config = await deps.organization();
  if (config?.identityCenter === undefined) throw permanent('PreconditionFailed', 'organization.yaml names no Identity Center');
  const { identityCenter, hubAccount: account } = config;
  const { principal, incidentId, depth } = subject;
  const scope = { account, role: 'Reader', incidentId } as const;
  const { userName } = await readPerson(deps.access.identityStore(scope, identityCenter.region), identityCenter, principal.uniqueId);
  const notRead: string[] = [];
  const part = createPartReader(notRead);
  const permissionSets =
    depth === 'plan'
      ? await part('permission sets', [], () =>
          readPermissionSets(deps.access.ssoAdmin(scope, identityCenter.region), identityCenter, principal),
        )
      : [];
  return { ...emptySnapshot(subject), name: userName, permissionSets, notRead };
}

/**
 * Name of a person of Identity Center. Needs `identitystore:DescribeUser` in the delegated account.
 *
 * @throws ResourceNotFoundException: there is no such person
 */
async function readPerson(client: IdentitystoreClient, { identityStoreId }: IdentityCenter, userId: string): Promise<{ userName: string }> {
  const { UserName = userId } = await client.send(new DescribeUserCommand({ IdentityStoreId: identityStoreId, UserId: userId }));
  return { userName: UserName };
}

/**
 * The permission sets a person has in an account, by itself or through groups. Needs
 * `sso:ListAccountAssignmentsForPrincipal`, `DescribePermissionSet`, `GetInlinePolicyForPermissionSet` in the delegated account.
 */
async function readPermissionSets(
  client: SSOAdminClient,
  { instanceArn: InstanceArn }: IdentityCenter,
  { account, uniqueId }: Pick<Principal, 'account' | 'uniqueId'>,
): Promise<AssignedPermissionSet[]> {
  const found = new Map<string, boolean>();
  const pages = paginateListAccountAssignmentsForPrincipal({ client }, { InstanceArn, PrincipalId: uniqueId, PrincipalType: 'USER' });
  for await (const { AccountAssignments = [] } of pages) {
    for (const { AccountId, PermissionSetArn = '', PrincipalType } of AccountAssignments)
      if (AccountId === account) found.set(PermissionSetArn, found.get(PermissionSetArn) === true || PrincipalType === 'USER');
  }
  return Promise.all(
    [...found].map(async ([arn, direct]) => {
      const set = { InstanceArn, PermissionSetArn: arn };
      const [{ PermissionSet }, { InlinePolicy = '' }] = await Promise.all([
        client.send(new DescribePermissionSetCommand(set)),
        client.send(new GetInlinePolicyForPermissionSetCommand(set)),
      ]);
      return { arn, name: PermissionSet?.Name ?? arn, direct, inlinePolicy: InlinePolicy === '' ? null : InlinePolicy };
    }),
  );
}
