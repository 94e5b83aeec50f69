import * as iamSdk from '@aws-sdk/client-iam';
import type { EradicateInput, EradicationResult } from '../../../../src/contracts/eradication.js';
import { readUserSnapshot } from '../../read-user-snapshot.js';
import { NOTHING_RUNS } from '../../snapshot-reading.js';
import { nameOf } from '../../../../src/domain/principals/arn.js';
import { createRemoval, type RemovalDeps } from '../removal.js';
import { unlessGone } from '../../unless-gone.js';

/**
 * Deletes an IAM user that the intruder made, with its keys, password, policies, groups and other credentials: AWS deletes
 * no user that still has any. Needs the List and Delete calls of each, and `iam:DeleteUser`.
 *
 * @throws as every removal.
 */
export function createDeleteUser(deps: RemovalDeps): (input: EradicateInput) => Promise<EradicationResult> {
  const { iam } = deps;
  return createRemoval(
    {
      action: 'deleteUser',
      copy: (target) => copyUser(iam, target),
      async remove(target) {
        const UserName = nameOf(target);
        await stripCredentials(iam, UserName);
        await stripPolicies(iam, UserName);
        return unlessGone(iam.send(new iamSdk.DeleteUserCommand({ UserName })));
      },
    },
    deps,
  );
}

function copyUser(iam: iamSdk.IAMClient, arn: string): Promise<unknown> {
  const account = arn.split(':')[4] ?? '';
  const principal = { account, kind: 'user' as const, name: nameOf(arn), arn, uniqueId: 'unknown', lockId: 'none', ownerSubjects: [] };
  return readUserSnapshot({ iam, principal, readBy: 'eradication', depth: 'plan', compute: () => Promise.resolve(NOTHING_RUNS) });
}

async function stripCredentials(iam: iamSdk.IAMClient, UserName: string): Promise<void> {
  const { AccessKeyMetadata = [] } = await iam.send(new iamSdk.ListAccessKeysCommand({ UserName }));
  for (const { AccessKeyId } of AccessKeyMetadata)
    if (AccessKeyId !== undefined) await unlessGone(iam.send(new iamSdk.DeleteAccessKeyCommand({ UserName, AccessKeyId })));
  await unlessGone(iam.send(new iamSdk.DeleteLoginProfileCommand({ UserName })));
  const { ServiceSpecificCredentials = [] } = await iam.send(new iamSdk.ListServiceSpecificCredentialsCommand({ UserName }));
  for (const { ServiceSpecificCredentialId } of ServiceSpecificCredentials)
    await unlessGone(iam.send(new iamSdk.DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId })));
  const { SSHPublicKeys = [] } = await iam.send(new iamSdk.ListSSHPublicKeysCommand({ UserName }));
  for (const { SSHPublicKeyId } of SSHPublicKeys)
    await unlessGone(iam.send(new iamSdk.DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId })));
  const { Certificates = [] } = await iam.send(new iamSdk.ListSigningCertificatesCommand({ UserName }));
  for (const { CertificateId } of Certificates)
    await unlessGone(iam.send(new iamSdk.DeleteSigningCertificateCommand({ UserName, CertificateId })));
  const { MFADevices = [] } = await iam.send(new iamSdk.ListMFADevicesCommand({ UserName }));
  for (const { SerialNumber } of MFADevices) {
    await unlessGone(iam.send(new iamSdk.DeactivateMFADeviceCommand({ UserName, SerialNumber })));
    if (SerialNumber?.startsWith('arn:') === true) await unlessGone(iam.send(new iamSdk.DeleteVirtualMFADeviceCommand({ SerialNumber })));
  }
}

async function stripPolicies(iam: iamSdk.IAMClient, UserName: string): Promise<void> {
  for await (const page of iamSdk.paginateListAttachedUserPolicies({ client: iam }, { UserName }))
    for (const { PolicyArn } of page.AttachedPolicies ?? [])
      await unlessGone(iam.send(new iamSdk.DetachUserPolicyCommand({ UserName, PolicyArn })));
  for await (const page of iamSdk.paginateListUserPolicies({ client: iam }, { UserName }))
    for (const PolicyName of page.PolicyNames ?? [])
      await unlessGone(iam.send(new iamSdk.DeleteUserPolicyCommand({ UserName, PolicyName })));
  for await (const page of iamSdk.paginateListGroupsForUser({ client: iam }, { UserName }))
    for (const { GroupName } of page.Groups ?? [])
      await unlessGone(iam.send(new iamSdk.RemoveUserFromGroupCommand({ UserName, GroupName })));
}
