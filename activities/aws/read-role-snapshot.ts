import {
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateListRoleTags,
} from '@aws-sdk/client-iam';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import { createPartReader } from './part-reader.js';
import { readOwnPolicies } from './read-own-policies.js';
import { readQuarantine, UNKNOWN_QUARANTINE } from './read-quarantine.js';
import { NOTHING_RUNS, type SnapshotReading } from './snapshot-reading.js';

/**
 * Reads an IAM role as it is, all parts side by side. Only the role itself must be readable: any other part
 * that fails is left empty and named. Needs `iam:GetRole`, `ListRoleTags`, `ListRolePolicies`, `GetRolePolicy`,
 * `ListAttachedRolePolicies`.
 *
 * @throws NoSuchEntityException: no such role.
 */
export async function readRoleSnapshot({ iam, principal, readBy, depth, compute }: SnapshotReading): Promise<PrincipalSnapshot> {
  const RoleName = principal.name;
  const { Role: role } = await iam.send(new GetRoleCommand({ RoleName }));
  const notRead: string[] = [];
  const part = createPartReader(notRead);
  const whole = depth === 'plan';
  const [tags, inlinePolicies, attachedPolicyArns, quarantine, running] = await Promise.all([
    part('tags', {}, () => readTags(iam, RoleName)),
    part('inline policies', [], () => readInlinePolicies(iam, RoleName)),
    whole ? part('attached policies', [], () => readAttached(iam, RoleName)) : [],
    whole ? readQuarantine(iam, { principal, part }) : UNKNOWN_QUARANTINE,
    whole ? compute({ principal, part }) : NOTHING_RUNS,
  ]);
  const boundaryArn = role?.PermissionsBoundary?.PermissionsBoundaryArn;
  const trust = role?.AssumeRolePolicyDocument;
  return {
    kind: 'role',
    account: principal.account,
    arn: role?.Arn ?? principal.arn,
    name: RoleName,
    uniqueId: role?.RoleId ?? 'unknown',
    createdAt: (role?.CreateDate ?? new Date(0)).toISOString(),
    tags,
    ...(boundaryArn === undefined ? {} : { boundaryArn }),
    keys: [],
    inlinePolicies,
    attachedPolicyArns,
    groups: [],
    consolePassword: false,
    otherCredentials: [],
    ...(trust === undefined ? {} : { trustPolicy: decodeURIComponent(trust) }),
    ...quarantine,
    ...running,
    permissionSets: [],
    ownPolicies: whole ? await part('own policies', [], () => readOwnPolicies(iam, { arns: attachedPolicyArns, principal })) : [],
    readBy,
    readAt: new Date().toISOString(),
    notRead,
  };
}

async function readTags(client: IAMClient, RoleName: string): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for await (const page of paginateListRoleTags({ client }, { RoleName })) {
    for (const tag of page.Tags ?? []) if (tag.Key !== undefined) tags[tag.Key] = tag.Value ?? '';
  }
  return tags;
}

async function readInlinePolicies(client: IAMClient, RoleName: string): Promise<PrincipalSnapshot['inlinePolicies']> {
  const names: string[] = [];
  for await (const page of paginateListRolePolicies({ client }, { RoleName })) names.push(...(page.PolicyNames ?? []));
  return Promise.all(
    names.map(async (name) => {
      const { PolicyDocument = '' } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName: name }));
      return { name, document: decodeURIComponent(PolicyDocument) };
    }),
  );
}

async function readAttached(client: IAMClient, RoleName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName })) {
    for (const policy of page.AttachedPolicies ?? []) if (policy.PolicyArn !== undefined) arns.push(policy.PolicyArn);
  }
  return arns;
}
