import {
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  type IAMClient,
  ListUserTagsCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam';
import { GetAccessKeyInfoCommand, type STSClient } from '@aws-sdk/client-sts';
import { Alert } from '../../src/contracts/alert.js';
import { parsePayload } from '../../src/contracts/failures.js';
import type { People, Rails } from '../../src/contracts/policies.js';
import type { Resolution } from '../../src/contracts/principal.js';
import { alertLock, keyLock, principalLock } from '../../src/domain/principals/lock.js';
import { ownersOf } from '../../src/domain/principals/owners.js';
import type { OwnIdentity } from './own-identity.js';

export interface ResolvePrincipalDeps {
  readonly iam: Pick<IAMClient, 'send'>;
  readonly sts: Pick<STSClient, 'send'>;
  readonly ownIdentity: () => Promise<OwnIdentity>;
  readonly people: () => Promise<People>;
  readonly rails: () => Promise<Rails>;
  readonly now: () => string;
}

type NotFound = Extract<Resolution, { found: false }>;

/**
 * Finds the principal an alert is about, by asking AWS: nothing in the alert is believed but what AWS confirms.
 * A deleted or foreign key, an unknown user and kinds this version does not contain come back as
 * `found: false` with the reason. Needs `iam:GetAccessKeyLastUsed`, `iam:GetUser`, `iam:ListUserTags`,
 * `sts:GetAccessKeyInfo`, `sts:GetCallerIdentity`.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createResolvePrincipal(deps: ResolvePrincipalDeps): (alert: Alert) => Promise<Resolution> {
  return async (input) => {
    const alert = parsePayload(Alert, input, 'alert');
    const own = await deps.ownIdentity();
    const lockId =
      alert.hints.accessKeyId === undefined ? alertLock(alert) : keyLock({ account: alert.account, accessKeyId: alert.hints.accessKeyId });
    const notFound = (why: NotFound['why'], detail: string): NotFound => ({ found: false, why, detail, lockId });

    if (alert.account !== undefined && alert.account !== own.account)
      return notFound('foreign', `account ${alert.account} is not ${own.account}, the one we can act in`);
    const named = await userNameOf(alert, deps, own);
    if (typeof named !== 'string') return notFound(named.why, named.detail);
    return resolveUser(named, { alert, deps, account: own.account, notFound });
  };
}

/** The user's name, from the key's owner where there is a key: the alert's own name is only a hint. */
async function userNameOf(
  alert: Alert,
  { iam, sts }: ResolvePrincipalDeps,
  own: OwnIdentity,
): Promise<string | { why: NotFound['why']; detail: string }> {
  const { accessKeyId, userName } = alert.hints;
  if (accessKeyId?.startsWith('AKIA')) {
    let denied: Error | undefined;
    try {
      const owner = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }));
      if (owner.UserName !== undefined) return owner.UserName;
    } catch (error) {
      if (!isUnknownKey(error)) throw error;
      if (!(error instanceof NoSuchEntityException)) denied = error;
    }
    const account = await accountOfKey(sts, accessKeyId);
    if (account === undefined) return { why: 'unknown', detail: `AWS knows no key ${accessKeyId}` };
    if (account !== own.account) return { why: 'foreign', detail: `key ${accessKeyId} belongs to account ${account}` };
    // A key of our own account that we may not look at is a missing permission, not a deleted key.
    if (denied !== undefined) throw denied;
    return { why: 'deleted', detail: `key ${accessKeyId} is of account ${own.account} but no user has it any more` };
  }
  if (alert.principalKind !== 'user' && alert.principalKind !== 'unknown') {
    return { why: 'unsupported', detail: `principal kind ${alert.principalKind} is contained by hand in this version` };
  }
  return userName ?? { why: 'unknown', detail: 'the alert names neither a long-term key nor an IAM user' };
}

/** `undefined` for a text that was never an access key id. */
async function accountOfKey(sts: Pick<STSClient, 'send'>, AccessKeyId: string): Promise<string | undefined> {
  try {
    return (await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
}

async function resolveUser(
  name: string,
  {
    alert,
    deps,
    account,
    notFound,
  }: { alert: Alert; deps: ResolvePrincipalDeps; account: string; notFound: (why: NotFound['why'], detail: string) => NotFound },
): Promise<Resolution> {
  try {
    const { User } = await deps.iam.send(new GetUserCommand({ UserName: name }));
    if (User?.Arn === undefined || User.UserId === undefined) return notFound('unknown', `AWS gave no details of user ${name}`);
    const [{ people }, { tags: tagNames }, { Tags = [] }] = await Promise.all([
      deps.people(),
      deps.rails(),
      deps.iam.send(new ListUserTagsCommand({ UserName: name })),
    ]);
    const ownerTag = Tags.find((tag) => tag.Key === tagNames.owner)?.Value;
    const principal = {
      account,
      kind: 'user' as const,
      name,
      arn: User.Arn,
      uniqueId: User.UserId,
      lockId: principalLock({ account, kind: 'user', name }),
      ownerSubjects: ownersOf({ name, ownerTag }, people),
    };
    const { accessKeyId } = alert.hints;
    return { found: true, principal, ...(accessKeyId === undefined ? {} : { accessKeyId }), resolvedAt: deps.now() };
  } catch (error) {
    if (error instanceof NoSuchEntityException) return notFound('deleted', `user ${name} does not exist any more`);
    throw error;
  }
}

/** AWS answers AccessDenied for a key of another account and NoSuchEntity for one it never saw (aws-domain 8). */
function isUnknownKey(error: unknown): error is Error {
  return (
    error instanceof NoSuchEntityException || (error instanceof Error && error.name === 'AccessDenied' && /access key/i.test(error.message))
  );
}
