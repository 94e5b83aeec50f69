import { type IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { Alert } from '../../src/contracts/alert.js';
import { parsePayload } from '../../src/contracts/failures.js';
import type { OrganizationConfig } from '../../src/contracts/organization.js';
import type { Resolution } from '../../src/contracts/principal.js';
import { alertLock, keyLock } from '../../src/domain/principals/lock.js';
import type { EventHistory } from '../../src/ports/event-history.js';
import { accountProblem, partitionProblem, type Unnamed } from './resolve/account-problem.js';
import { accountOfKey, ownerOfKey } from './resolve/key-owner.js';
import { nameOfId } from './resolve/name-of-id.js';
import { callerOfSession } from './resolve/session-caller.js';
import { type Named, type NotFound, type ResolveDeps, resolveNamed } from './resolve/resolve-named.js';

export interface ResolvePrincipalDeps extends ResolveDeps {
  readonly organization: () => Promise<OrganizationConfig | undefined>;
  readonly history: EventHistory;
}

/**
 * Finds the principal an alert is about, by asking AWS: nothing in the alert is believed but what AWS confirms, and it never says which role
 * to assume. Accounts that `rails.yaml` does not list are foreign. A deleted or foreign key and an unknown principal come back as `found: false` with
 * the reason. Needs `iam:GetAccessKeyLastUsed`, `GetUser`, `ListUserTags`, `GetRole`, `ListRoleTags`, `ListUsers`, `ListRoles`, `sts:GetAccessKeyInfo`, `cloudtrail:LookupEvents` and, for
 * people of Identity Center, `identitystore:GetUserId` in the delegated account.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createResolvePrincipal(deps: ResolvePrincipalDeps): (alert: Alert) => Promise<Resolution> {
  return async (input) => {
    const alert = parsePayload(Alert, input, 'alert');
    const { accessKeyId } = alert.hints;
    const lockId = accessKeyId === undefined ? alertLock(alert) : keyLock({ account: alert.account, accessKeyId });
    const notFound = (why: NotFound['why'], detail: string): NotFound => ({ found: false, why, detail, lockId });

    const account = await accountOf(alert, deps);
    if (account === undefined) return notFound('foreign', 'the alert names no account, and AWS knows none of its key');
    const problem = await accountProblem({ account, isRoot: alert.principalKind === 'root' }, deps);
    if (problem !== undefined) return notFound(problem.why, problem.detail);
    const named = await nameIn(account, alert, deps);
    if ('why' in named) return notFound(named.why, named.detail);
    const resolution = await resolveNamed(named, { account, deps, notFound });
    const elsewhere = resolution.found ? partitionProblem(resolution.principal.arn, alert.hints.arn) : undefined;
    if (elsewhere !== undefined) return notFound(elsewhere.why, elsewhere.detail);
    return resolution.found && accessKeyId !== undefined ? { ...resolution, accessKeyId } : resolution;
  };
}

/** The alert's own account; else the one that AWS says its key is of; else the only one it can be. */
async function accountOf({ account, hints }: Alert, deps: ResolvePrincipalDeps): Promise<string | undefined> {
  if (account !== undefined) return account;
  const [config, rails] = await Promise.all([deps.organization(), deps.rails()]);
  // Any account may ask whose a key is; the hub's Reader reads the organization alone.
  const [home, ...others] = rails.accounts.filter((one) => one !== config?.hubAccount && one !== config?.managementAccount);
  if (hints.accessKeyId === undefined) return config !== undefined && others.length > 0 ? undefined : home;
  if (home === undefined) return undefined;
  return accountOfKey(deps.access.sts({ account: home, role: 'Reader' }), hints.accessKeyId);
}

/** What kind of principal it is, by its key where there is a long-term one: the alert's own name is only a hint. */
async function nameIn(account: string, alert: Alert, deps: ResolvePrincipalDeps): Promise<Named | Unnamed> {
  const { accessKeyId, userName, principalId = '' } = alert.hints;
  if (alert.principalKind === 'root') return { kind: 'root' };
  if (accessKeyId?.startsWith('AKIA')) return ownerIn(account, accessKeyId, deps);
  if (alert.principalKind === 'idcUser' && principalId !== '') return { kind: 'person', userId: principalId };
  const [id = '', session] = principalId.split(':');
  if (id.startsWith('AROA') && userName !== undefined)
    return { kind: 'role', name: userName, uniqueId: id, ...(session === undefined ? {} : { session }) };
  if (userName !== undefined && (alert.principalKind === 'user' || alert.principalKind === 'unknown'))
    return { kind: 'user', name: userName };
  if (accessKeyId?.startsWith('ASIA')) {
    const caller = await callerOfSession(deps.history, { account, accessKeyId, nowMs: Date.parse(deps.now()) });
    return caller ?? { why: 'unknown', detail: `CloudTrail shows no call of session ${accessKeyId} yet, so whose it is is not known` };
  }
  if (userName !== undefined && alert.principalKind === 'role') return { kind: 'role', name: userName };
  if (userName === undefined && (id.startsWith('AIDA') || id.startsWith('AROA'))) {
    const named = await nameOfId(deps.access.iam({ account, role: 'Reader' }), id);
    return named ?? { why: 'unknown', detail: `no user or role of account ${account} has the id ${id}` };
  }
  return { why: 'unknown', detail: 'the alert names neither a key nor a principal of IAM or Identity Center' };
}

async function ownerIn(account: string, accessKeyId: string, deps: ResolvePrincipalDeps): Promise<Named | Unnamed> {
  const scope = { account, role: 'Reader' } as const;
  const iam: IAMClient = deps.access.iam(scope);
  let denied: Error | undefined;
  try {
    const owner = await ownerOfKey(iam, accessKeyId);
    if (owner !== undefined) return { kind: 'user', name: owner };
  } catch (error) {
    if (!isUnknownKey(error)) throw error;
    if (!(error instanceof NoSuchEntityException)) denied = error;
  }
  const of = await accountOfKey(deps.access.sts(scope), accessKeyId);
  if (of === undefined) return { why: 'unknown', detail: `AWS knows no key ${accessKeyId}` };
  if (of !== account) return { why: 'foreign', detail: `key ${accessKeyId} belongs to account ${of}` };
  // A key of our own account that we may not look at is a missing permission, not a deleted key.
  if (denied !== undefined) throw denied;
  return { why: 'deleted', detail: `key ${accessKeyId} is of account ${account} but no user has it any more` };
}

/** AWS answers AccessDenied for a key of another account and NoSuchEntity for one it never saw (aws-domain 8). */
function isUnknownKey(error: unknown): error is Error {
  return (
    error instanceof NoSuchEntityException || (error instanceof Error && error.name === 'AccessDenied' && /access key/i.test(error.message))
  );
}
