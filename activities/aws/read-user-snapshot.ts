import {
  GetLoginProfileCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  paginateListAttachedUserPolicies,
  paginateListGroupsForUser,
  paginateListUserPolicies,
  paginateListUserTags,
} from '@aws-sdk/client-iam';
import type { OtherCredential, PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import { orAbsent } from './or-absent.js';
import { createPartReader, type PartReader } from './part-reader.js';
import { readOwnPolicies } from './read-own-policies.js';
import { readQuarantine, UNKNOWN_QUARANTINE } from './read-quarantine.js';
import type { SnapshotReading } from './snapshot-reading.js';

/**
 * Reads an IAM user as it is, all parts side by side. Only the user itself must be readable: any other part
 * that fails is left empty and named. Needs `iam:GetUser`, `ListUserTags`, `ListAccessKeys`,
 * `ListUserPolicies`, `GetUserPolicy`, `ListAttachedUserPolicies`, `ListGroupsForUser`, `GetLoginProfile`,
 * `ListServiceSpecificCredentials`, `ListSSHPublicKeys`, `ListSigningCertificates`,
 * and what `readQuarantine` and `readOwnPolicies` need.
 *
 * @throws TargetNotFound, permanent: no such user.
 */
export async function readUserSnapshot({ iam, principal, readBy, depth }: SnapshotReading): Promise<PrincipalSnapshot> {
  const UserName = principal.name;
  const { User: user } = await iam.send(new GetUserCommand({ UserName }));
  const notRead: string[] = [];
  const part = createPartReader(notRead);

  const whole = depth === 'plan';
  const [tags, keys, inlinePolicies, attachedPolicyArns, groups, consolePassword, otherCredentials, quarantine] = await Promise.all([
    part('tags', {}, () => readTags(iam, UserName)),
    part('access keys', [], () => readKeys(iam, UserName)),
    part('inline policies', [], () => readInlinePolicies(iam, UserName)),
    whole ? part('attached policies', [], () => readAttached(iam, UserName)) : [],
    whole ? part('groups', [], () => readGroups(iam, UserName)) : [],
    whole ? part('console password', false, () => hasConsolePassword(iam, UserName)) : false,
    whole ? readOtherCredentials(iam, UserName, part) : [],
    whole ? readQuarantine(iam, { principal, part }) : UNKNOWN_QUARANTINE,
  ]);

  return {
    kind: 'user',
    account: principal.account,
    arn: user?.Arn ?? principal.arn,
    name: UserName,
    uniqueId: user?.UserId ?? 'unknown',
    createdAt: (user?.CreateDate ?? new Date(0)).toISOString(),
    tags,
    ...(user?.PermissionsBoundary?.PermissionsBoundaryArn === undefined
      ? {}
      : { boundaryArn: user.PermissionsBoundary.PermissionsBoundaryArn }),
    keys,
    inlinePolicies,
    attachedPolicyArns,
    groups,
    consolePassword,
    otherCredentials,
    ...quarantine,
    functions: [],
    instances: [],
    permissionSets: [],
    ownPolicies: whole ? await part('own policies', [], () => readOwnPolicies(iam, { arns: attachedPolicyArns, principal })) : [],
    readBy,
    readAt: new Date().toISOString(),
    notRead,
  };
}

async function readTags(client: IAMClient, UserName: string): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for await (const page of paginateListUserTags({ client }, { UserName })) {
    for (const tag of page.Tags ?? []) if (tag.Key !== undefined) tags[tag.Key] = tag.Value ?? '';
  }
  return tags;
}

async function readKeys(client: IAMClient, UserName: string): Promise<PrincipalSnapshot['keys']> {
  const { AccessKeyMetadata = [] } = await client.send(new ListAccessKeysCommand({ UserName }));
  return AccessKeyMetadata.map((key) => ({
    accessKeyId: key.AccessKeyId ?? 'unknown',
    status: key.Status ?? 'Active',
    createdAt: (key.CreateDate ?? new Date(0)).toISOString(),
  }));
}

async function readOtherCredentials(iam: IAMClient, UserName: string, part: PartReader): Promise<OtherCredential[]> {
  const at = (date: Date | undefined): string => (date ?? new Date(0)).toISOString();
  const found = await Promise.all([
    part<OtherCredential[]>('service-specific credentials', [], async () => {
      const { ServiceSpecificCredentials = [] } = await iam.send(new ListServiceSpecificCredentialsCommand({ UserName }));
      return ServiceSpecificCredentials.map((row) => ({
        kind: 'serviceSpecific' as const,
        id: row.ServiceSpecificCredentialId ?? 'unknown',
        status: row.Status ?? 'Active',
        createdAt: at(row.CreateDate),
      }));
    }),
    part<OtherCredential[]>('SSH keys', [], async () => {
      const { SSHPublicKeys = [] } = await iam.send(new ListSSHPublicKeysCommand({ UserName }));
      return SSHPublicKeys.map((row) => ({
        kind: 'sshKey' as const,
        id: row.SSHPublicKeyId ?? 'unknown',
        status: row.Status ?? 'Active',
        createdAt: at(row.UploadDate),
      }));
    }),
    part<OtherCredential[]>('signing certificates', [], async () => {
      const { Certificates = [] } = await iam.send(new ListSigningCertificatesCommand({ UserName }));
      return Certificates.map((row) => ({
        kind: 'signingCertificate' as const,
        id: row.CertificateId ?? 'unknown',
        status: row.Status ?? 'Active',
        createdAt: at(row.UploadDate),
      }));
    }),
  ]);
  return found.flat();
}

async function readInlinePolicies(client: IAMClient, UserName: string): Promise<PrincipalSnapshot['inlinePolicies']> {
  const names: string[] = [];
  for await (const page of paginateListUserPolicies({ client }, { UserName })) names.push(...(page.PolicyNames ?? []));
  return Promise.all(
    names.map(async (name) => {
      const { PolicyDocument = '' } = await client.send(new GetUserPolicyCommand({ UserName, PolicyName: name }));
      return { name, document: decodeURIComponent(PolicyDocument) };
    }),
  );
}

async function readAttached(client: IAMClient, UserName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const page of paginateListAttachedUserPolicies({ client }, { UserName })) {
    for (const policy of page.AttachedPolicies ?? []) if (policy.PolicyArn !== undefined) arns.push(policy.PolicyArn);
  }
  return arns;
}

async function readGroups(client: IAMClient, UserName: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListGroupsForUser({ client }, { UserName })) {
    for (const group of page.Groups ?? []) if (group.GroupName !== undefined) names.push(group.GroupName);
  }
  return names;
}

async function hasConsolePassword(client: IAMClient, UserName: string): Promise<boolean> {
  return (await orAbsent(() => client.send(new GetLoginProfileCommand({ UserName })))) !== undefined;
}
