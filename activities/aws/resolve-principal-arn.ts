import {
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListRoleTagsCommand,
  ListUserTagsCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam';
import { z } from 'zod';
import { parsePayload } from '../../src/contracts/failures.js';
import type { People, Rails } from '../../src/contracts/policies.js';
import type { PrincipalKind, Resolution } from '../../src/contracts/principal.js';
import { principalLock } from '../../src/domain/principals/lock.js';
import { ownersOf } from '../../src/domain/principals/owners.js';
import type { OwnIdentity } from './own-identity.js';

export interface ResolvePrincipalArnDeps {
  readonly iam: Pick<IAMClient, 'send'>;
  readonly ownIdentity: () => Promise<OwnIdentity>;
  readonly people: () => Promise<People>;
  readonly rails: () => Promise<Rails>;
  readonly now: () => string;
}

const Input = z.strictObject({ arn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]{1,600}$/) });

interface Found {
  readonly arn: string;
  readonly uniqueId: string;
  readonly tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];
}

/**
 * Finds a user or role that the lineage names, as AWS has it now. Needs `iam:GetUser`, `ListUserTags`, `GetRole`,
 * `ListRoleTags`, `sts:GetCallerIdentity`.
 *
 * @throws InvalidPayload, PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createResolvePrincipalArn(deps: ResolvePrincipalArnDeps): (input: { arn: string }) => Promise<Resolution> {
  return async (raw) => {
    const { arn } = parsePayload(Input, raw, 'principal ARN');
    const { account: own } = await deps.ownIdentity();
    const [account = '', path = ''] = arn.split(':').slice(4);
    const kind: PrincipalKind = path.startsWith('role/') ? 'role' : 'user';
    const name = path.split('/').at(-1) ?? '';
    const lockId = principalLock({ account, kind, name });
    if (account !== own) return { found: false, why: 'foreign', detail: `account ${account} is not ${own}, the one we can act in`, lockId };
    const found = await (kind === 'role' ? readRole(deps.iam, name) : readUser(deps.iam, name)).catch((error: unknown) => {
      if (error instanceof NoSuchEntityException) return undefined;
      throw error;
    });
    if (found === undefined) return { found: false, why: 'deleted', detail: `${kind} ${name} does not exist any more`, lockId };
    const [{ people }, { tags: tagNames }] = await Promise.all([deps.people(), deps.rails()]);
    const ownerTag = found.tags.find((tag) => tag.Key === tagNames.owner)?.Value;
    const principal = {
      account,
      kind,
      name,
      arn: found.arn,
      uniqueId: found.uniqueId,
      lockId,
      ownerSubjects: ownersOf({ name, ownerTag }, people),
    };
    return { found: true, principal, resolvedAt: deps.now() };
  };
}

async function readUser(iam: Pick<IAMClient, 'send'>, UserName: string): Promise<Found | undefined> {
  const [{ User }, { Tags = [] }] = await Promise.all([
    iam.send(new GetUserCommand({ UserName })),
    iam.send(new ListUserTagsCommand({ UserName })),
  ]);
  return User?.Arn === undefined || User.UserId === undefined ? undefined : { arn: User.Arn, uniqueId: User.UserId, tags: Tags };
}

async function readRole(iam: Pick<IAMClient, 'send'>, RoleName: string): Promise<Found | undefined> {
  const [{ Role }, { Tags = [] }] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListRoleTagsCommand({ RoleName })),
  ]);
  return Role?.Arn === undefined || Role.RoleId === undefined ? undefined : { arn: Role.Arn, uniqueId: Role.RoleId, tags: Tags };
}
