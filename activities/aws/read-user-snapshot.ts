import {
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  NoSuchEntityException,
  paginateListAttachedUserPolicies,
  paginateListGroupsForUser,
  paginateListUserPolicies,
  paginateListUserTags,
} from '@aws-sdk/client-iam';
import type { Principal } from '../../src/contracts/principal.js';
import { deniesEverything } from '../../src/domain/planning/documents.js';
import { quarantinePolicyArn } from '../../src/domain/planning/measure-calls.js';
import type { OtherCredential, PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';

/** Snapshot parts together may take this long; what is slower is named in `notRead` (aws-domain 2.2, S0). */
const SNAPSHOT_CAP_MS = 20_000;

/**
 * Reads an IAM user as it is, all parts side by side. Only the user itself must be readable: any other part
 * that fails is left empty and named. Needs `iam:GetUser`, `ListUserTags`, `ListAccessKeys`,
 * `ListUserPolicies`, `GetUserPolicy`, `ListAttachedUserPolicies`, `ListGroupsForUser`, `GetLoginProfile`,
 * `GetPolicy`, `GetPolicyVersion`, `ListServiceSpecificCredentials`, `ListSSHPublicKeys`, `ListSigningCertificates`.
 *
 * @throws TargetNotFound, permanent: no such user.
 */
export async function readUserSnapshot(
  iam: IAMClient,
  { principal, readBy }: { principal: Principal; readBy: string },
): Promise<PrincipalSnapshot> {
  const UserName = principal.name;
  const { User: user } = await iam.send(new GetUserCommand({ UserName }));
  const notRead: string[] = [];
  const part = createPartReader(notRead);

  const [tags, keys, inlinePolicies, attachedPolicyArns, groups, consolePassword, otherCredentials, quarantinePolicy] = await Promise.all([
    part('tags', {}, () => readTags(iam, UserName)),
    part('access keys', [], () => readKeys(iam, UserName)),
    part('inline policies', [], () => readInlinePolicies(iam, UserName)),
    part('attached policies', [], () => readAttached(iam, UserName)),
    part('groups', [], () => readGroups(iam, UserName)),
    part('console password', false, () => hasConsolePassword(iam, UserName)),
    readOtherCredentials(iam, UserName, part),
    part<PrincipalSnapshot['quarantinePolicy']>('quarantine policy', 'unknown', () => readQuarantinePolicy(iam, principal)),
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
    quarantinePolicy,
    readBy,
    readAt: new Date().toISOString(),
    notRead,
  };
}

/** Runs one read; a failure or the time cap gives the fallback and a line in `notRead`. */
export type PartReader = <T>(name: string, fallback: T, read: () => Promise<T>) => Promise<T>;

/** Makes the reader of one snapshot's parts. */
export function createPartReader(notRead: string[]): PartReader {
  return async (name, fallback, read) => {
    let timer: NodeJS.Timeout | undefined;
    const cap = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('time cap')), SNAPSHOT_CAP_MS);
    });
    try {
      return await Promise.race([read(), cap]);
    } catch (error) {
      notRead.push(`${name} (${error instanceof Error ? error.name : 'failed'})`);
      return fallback;
    } finally {
      clearTimeout(timer);
    }
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

async function readQuarantinePolicy(client: IAMClient, principal: Principal): Promise<PrincipalSnapshot['quarantinePolicy']> {
  const PolicyArn = quarantinePolicyArn(principal);
  const found = await orAbsent(() => client.send(new GetPolicyCommand({ PolicyArn })));
  const VersionId = found?.Policy?.DefaultVersionId;
  if (VersionId === undefined) return 'absent';
  const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  // A policy of that name that does not deny everything is as good as none: attaching it would only look safe.
  return deniesEverything(decodeURIComponent(PolicyVersion?.Document ?? '')) ? 'present' : 'absent';
}

async function orAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}
