import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  type IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { z } from 'zod';
import { parsePayload, permanent, transient } from '../../../src/contracts/failures.js';
import { type IssuedCredential, IssueInput } from '../../../src/contracts/recovery.js';
import { sha256Of } from '../../../src/domain/canonical-json.js';
import type { Vault } from '../../../src/ports/vault.js';
import type { AuthorizeRestore } from '../restore/authorize-restore.js';
import { secretNameOf } from './plan-recovery.js';

export interface IssueCredentialDeps {
  readonly authorize: AuthorizeRestore;
  readonly iam: Pick<IAMClient, 'send'>;
  readonly vault: Vault;
  /** The ARN that AWS sees behind these credentials; undefined while it does not know them yet. */
  readonly callerOf: (credentials: { accessKeyId: string; secretAccessKey: string }) => Promise<string | undefined>;
  /** Waits; rejects when the activity is cancelled. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => string;
}

/** A new key is known everywhere within seconds (aws-domain 2.1); after that the attempt is given up and tried again. */
const TRIES = 20;
const BETWEEN_MS = 1_000;

/** AWS's clock and ours may differ by this much. */
const CLOCK_SKEW_MS = 120_000;

/** What the vault holds: nothing else than an SDK needs. */
const StoredSecret = z.strictObject({ AccessKeyId: z.string(), SecretAccessKey: z.string() });
type StoredSecret = z.infer<typeof StoredSecret>;

/**
 * Makes one new access key for a user and puts its secret straight into the vault (design 9.4). Killed at any point and
 * called again it ends with exactly one new key: one that is stored is taken, one whose secret was lost is removed. Keys
 * that were there before are never touched. Needs `iam:ListAccessKeys`, `GetAccessKeyLastUsed`, `CreateAccessKey`,
 * `DeleteAccessKey` on the user, and what the vault needs. Its IAM client must not repeat a call by itself.
 *
 * @throws UnsafeAction, permanent: not authorized, or a key of unknown origin is in use.
 * @throws PreconditionFailed, permanent: the name now belongs to another user.
 * @throws QuotaExceeded, permanent: the user has two keys.
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient: also while AWS does not know the key yet.
 */
export function createIssueCredential(deps: IssueCredentialDeps): (input: IssueInput) => Promise<IssuedCredential> {
  return async (raw) => {
    const input = parsePayload(IssueInput, raw, 'credential to issue');
    await authorizeIssue(deps, input);
    const orphansRemoved: string[] = [];
    let stored: StoredSecret | undefined;
    for (const key of await keysSince(deps, input)) {
      const found = await storedSecret(deps, input, key.accessKeyId);
      if (found === undefined) {
        await removeOrphan(deps, input, key);
        orphansRemoved.push(key.accessKeyId);
      }
      stored ??= found;
    }
    const secret = stored ?? (await createAndStore(deps, input));
    return proveAndReport(deps, input, { secret, orphansRemoved });
  };
}

async function authorizeIssue({ authorize }: IssueCredentialDeps, { incidentId, plan, planSha256, consents }: IssueInput): Promise<void> {
  const { principal, secretName } = plan;
  if (principal.kind !== 'user') throw permanent('UnsafeAction', `only users have access keys, ${principal.name} is a ${principal.kind}`);
  if (secretName !== secretNameOf(incidentId, principal.name))
    throw permanent('UnsafeAction', 'the secret would go to another place than planned');
  await authorize({ incidentId, principal, planSha256, consents, action: 'recover' });
}

interface NewKey {
  readonly accessKeyId: string;
  readonly createdAt: Date | undefined;
}

/** Keys made since the plan: our own of an attempt that was killed, or somebody's. */
async function keysSince({ iam }: IssueCredentialDeps, { plan }: IssueInput): Promise<NewKey[]> {
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: plan.principal.name }));
  const before = new Set(plan.keysBefore.map(({ accessKeyId }) => accessKeyId));
  return AccessKeyMetadata.flatMap(({ AccessKeyId: accessKeyId, CreateDate: createdAt }) =>
    accessKeyId === undefined || before.has(accessKeyId) ? [] : [{ accessKeyId, createdAt }],
  );
}

/** The id of a key's version in the vault: found again without knowing the secret. */
function versionIdOf(incidentId: string, accessKeyId: string): string {
  return sha256Of([incidentId, accessKeyId]).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

async function storedSecret(
  { vault }: IssueCredentialDeps,
  { incidentId, plan }: IssueInput,
  accessKeyId: string,
): Promise<StoredSecret | undefined> {
  const versionId = versionIdOf(incidentId, accessKeyId);
  const found = await vault.find(plan.secretName);
  if (found === undefined || !found.versionIds.includes(versionId)) return undefined;
  const parsed = StoredSecret.safeParse(jsonOf(await vault.get(plan.secretName, versionId)));
  // Neither the text nor the parser's message, which quotes it, may leave this function.
  if (!parsed.success || parsed.data.AccessKeyId !== accessKeyId)
    throw permanent('PreconditionFailed', `version ${versionId} of ${plan.secretName} is not the secret of key ${accessKeyId}`);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nobody can have a secret that was never stored: a key that was used is not ours, and not ours to remove. */
async function removeOrphan({ iam }: IssueCredentialDeps, { plan }: IssueInput, { accessKeyId, createdAt }: NewKey): Promise<void> {
  const AccessKeyId = accessKeyId;
  if (!((createdAt?.getTime() ?? NaN) + CLOCK_SKEW_MS >= Date.parse(plan.plannedAt)))
    throw permanent('UnsafeAction', `key ${AccessKeyId} of ${plan.principal.name} is older than the plan, which does not know it`);
  const { AccessKeyLastUsed } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  if (AccessKeyLastUsed?.LastUsedDate !== undefined)
    throw permanent('UnsafeAction', `somebody made and used key ${AccessKeyId} of ${plan.principal.name} since the recovery was planned`);
  await iam.send(new DeleteAccessKeyCommand({ UserName: plan.principal.name, AccessKeyId }));
}

/** The secret exists in this function and in the vault only. */
async function createAndStore({ iam, vault }: IssueCredentialDeps, { incidentId, plan }: IssueInput): Promise<StoredSecret> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: plan.principal.name }));
  const secret = StoredSecret.parse({ AccessKeyId: AccessKey?.AccessKeyId, SecretAccessKey: AccessKey?.SecretAccessKey });
  await vault.put(plan.secretName, {
    versionId: versionIdOf(incidentId, secret.AccessKeyId),
    value: JSON.stringify(secret),
    description: `New access key of IAM user ${plan.principal.name}, issued in ${incidentId}`,
  });
  return secret;
}

async function proveAndReport(
  { vault, callerOf, sleep, now }: IssueCredentialDeps,
  { incidentId, plan }: IssueInput,
  { secret, orphansRemoved }: { secret: StoredSecret; orphansRemoved: string[] },
): Promise<IssuedCredential> {
  const accessKeyId = secret.AccessKeyId;
  let caller: string | undefined;
  for (let tries = 1; caller === undefined && tries <= TRIES; tries += 1) {
    caller = await callerOf({ accessKeyId, secretAccessKey: secret.SecretAccessKey });
    if (caller === undefined && tries < TRIES) await sleep(BETWEEN_MS);
  }
  if (caller === undefined) throw transient('UpstreamUnavailable', `AWS does not know the new key ${accessKeyId} yet`);
  if (caller !== plan.principal.arn)
    throw permanent('UnsafeAction', `key ${accessKeyId} belongs to ${caller}, not to ${plan.principal.arn}`);
  const found = await vault.find(plan.secretName);
  const secretVersionId = versionIdOf(incidentId, accessKeyId);
  if (found?.versionIds.includes(secretVersionId) !== true)
    throw transient('UpstreamUnavailable', `the vault does not show version ${secretVersionId} yet`);
  return {
    principalArn: plan.principal.arn,
    accessKeyId,
    secretArn: found.arn,
    secretVersionId,
    issuedAt: now(),
    verifiedBy: 'sts:GetCallerIdentity with the stored key',
    orphansRemoved,
  };
}
