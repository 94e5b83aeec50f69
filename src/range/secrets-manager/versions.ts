import { AwsError } from '../aws-error.js';
import type { Secret, SecretValue, SecretVersion } from './secrets.js';

/** Staging labels that Secrets Manager moves by itself (Secrets Manager user guide, "Secret versions"). */
export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/** A version to be written. */
export type NewVersion = { readonly token: string; readonly value: SecretValue; readonly stages: readonly string[]; readonly at: number };

/**
 * Adds a version under a client request token. The same token with the same value is ignored, so a repeated call is safe.
 *
 * @throws AwsError ResourceExistsException for the same token with another value, InvalidParameterException for a bad token or no value
 */
export function putVersion(secret: Secret, { token, value, stages, at }: NewVersion): SecretVersion {
  if (token.length < 32 || token.length > 64) throw invalidParameter('ClientRequestToken must be between 32 and 64 characters long.');
  if ((value.SecretString === undefined) === (value.SecretBinary === undefined))
    throw invalidParameter('You must provide either SecretString or SecretBinary.');
  const known = secret.versions.get(token);
  if (known !== undefined) {
    if (isSame(known.value, value)) return known;
    throw new AwsError('ResourceExistsException', `A resource with the ID ${token} already exists: you can't modify a secret version.`);
  }
  const version: SecretVersion = { id: token, value, createdAt: at, stages: new Set() };
  const isFirst = secret.versions.size === 0;
  secret.versions.set(token, version);
  secret.changedAt = at;
  for (const stage of new Set([...stages, ...(isFirst ? [CURRENT] : [])])) moveStage(secret, stage, version);
  return version;
}

/** Moves a label to a version. Where `AWSCURRENT` leaves, `AWSPREVIOUS` goes. */
export function moveStage(secret: Secret, stage: string, target: SecretVersion): void {
  const holder = holderOf(secret, stage);
  if (holder === target) return;
  holder?.stages.delete(stage);
  target.stages.add(stage);
  if (stage === CURRENT && holder !== undefined) {
    target.stages.delete(PREVIOUS);
    moveStage(secret, PREVIOUS, holder);
  }
}

/** The version that has a label. */
export function holderOf(secret: Secret, stage: string): SecretVersion | undefined {
  return [...secret.versions.values()].find(({ stages }) => stages.has(stage));
}

/**
 * The version a read asks for, by id, by label, or by both; `AWSCURRENT` when by neither.
 *
 * @throws AwsError ResourceNotFoundException when there is none, InvalidRequestException when id and label name different ones
 */
export function versionAsked(secret: Secret, { id, stage }: { id: string | undefined; stage: string | undefined }): SecretVersion {
  const byStage = id === undefined || stage !== undefined ? holderOf(secret, stage ?? CURRENT) : undefined;
  const found = id === undefined ? byStage : secret.versions.get(id);
  if (found === undefined) {
    const what = id === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${id}`;
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${what}`);
  }
  if (stage !== undefined && byStage !== found)
    throw new AwsError('InvalidRequestException', 'You provided a VersionStage that is not associated to the provided VersionId.');
  return found;
}

/** The answer to a parameter that makes no sense. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

function isSame(left: SecretValue, right: SecretValue): boolean {
  const bytes = ({ SecretBinary, SecretString }: SecretValue): Buffer => Buffer.from(SecretBinary ?? SecretString ?? '');
  return (left.SecretString === undefined) === (right.SecretString === undefined) && bytes(left).equals(bytes(right));
}
