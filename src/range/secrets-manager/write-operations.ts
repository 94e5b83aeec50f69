import type {
  CreateSecretRequest,
  CreateSecretResponse,
  PutSecretValueRequest,
  PutSecretValueResponse,
  TagResourceRequest,
  UpdateSecretVersionStageRequest,
  UpdateSecretVersionStageResponse,
} from '@aws-sdk/client-secrets-manager';
import { AwsError, required } from '../aws-error.js';
import type { Call } from '../server/call.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import type { Secret, Secrets, SecretValue } from './secrets.js';
import { CURRENT, holderOf, invalidParameter, moveStage, putVersion } from './versions.js';

/** The calls that change secrets. Their records name the secret and never hold its value. */
export function createSecretWrites(secrets: Secrets): Operations {
  const onSecret = ({ SecretId: id = '' }: { SecretId?: string | undefined }, call: Call): Access => ({
    resources: [secrets.arnOf(call, id)],
  });

  return {
    CreateSecret: operation<CreateSecretRequest, CreateSecretResponse>({
      kind: 'write',
      access: ({ Name: name = '' }, call) => ({ resources: [secrets.arnOf(call, name)] }),
      run: (input, call) => {
        const name = required(input.Name, 'Name');
        if (!/^[\w/+=.@-]{1,512}$/.test(name))
          throw invalidParameter(
            'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
          );
        const known = secrets.find(call, name);
        if (known !== undefined) return repeated(known, input);
        const secret = secrets.add(call, { name, description: input.Description });
        for (const { Key = '', Value = '' } of input.Tags ?? []) secret.tags.set(Key, Value);
        const value = valueOf(input);
        if (value === undefined) return { ARN: secret.arn, Name: secret.name };
        const version = putVersion(secret, { token: tokenOf(input), value, stages: [CURRENT], at: call.at });
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id };
      },
    }),

    PutSecretValue: operation<PutSecretValueRequest, PutSecretValueResponse>({
      kind: 'write',
      access: onSecret,
      run: (input, call) => {
        const secret = secrets.get(call, required(input.SecretId, 'SecretId'));
        const { SecretString, SecretBinary } = input;
        const stages = input.VersionStages ?? [CURRENT];
        const version = putVersion(secret, { token: tokenOf(input), value: { SecretString, SecretBinary }, stages, at: call.at });
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
      },
    }),

    UpdateSecretVersionStage: operation<UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse>({
      kind: 'write',
      access: onSecret,
      run: (input, call) => {
        const secret = secrets.get(call, required(input.SecretId, 'SecretId'));
        updateStage(secret, input);
        secret.changedAt = call.at;
        return { ARN: secret.arn, Name: secret.name };
      },
    }),

    TagResource: operation<TagResourceRequest, object>({
      kind: 'write',
      access: onSecret,
      run: (input, call) => {
        const secret = secrets.get(call, required(input.SecretId, 'SecretId'));
        for (const { Key = '', Value = '' } of input.Tags ?? []) secret.tags.set(Key, Value);
        return {};
      },
    }),
  };
}

/** CreateSecret for a name in use: the very same request is ignored, any other refused. */
function repeated(known: Secret, input: CreateSecretRequest): CreateSecretResponse {
  const value = valueOf(input);
  if (value === undefined || !known.versions.has(tokenOf(input)))
    throw new AwsError('ResourceExistsException', `The operation failed because the secret ${known.name} already exists.`);
  const { id } = putVersion(known, { token: tokenOf(input), value, stages: [], at: known.changedAt });
  return { ARN: known.arn, Name: known.name, VersionId: id };
}

function updateStage(
  secret: Secret,
  { VersionStage, MoveToVersionId: to, RemoveFromVersionId: from }: UpdateSecretVersionStageRequest,
): void {
  const stage = required(VersionStage, 'VersionStage');
  const holder = holderOf(secret, stage);
  if (from !== undefined && holder?.id !== from) throw invalidParameter(`The staging label ${stage} isn't attached to version ${from}.`);
  if (to === undefined) {
    if (stage === CURRENT)
      throw invalidParameter(`You can only move staging label ${CURRENT} to a different secret version. It can't be completely removed.`);
    holder?.stages.delete(stage);
    return;
  }
  const target = secret.versions.get(to);
  if (target === undefined)
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret version ${to}.`);
  if (holder !== undefined && holder !== target && from === undefined)
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}.`,
    );
  moveStage(secret, stage, target);
}

function valueOf({ SecretString, SecretBinary }: SecretValue): SecretValue | undefined {
  return SecretString === undefined && SecretBinary === undefined ? undefined : { SecretString, SecretBinary };
}

function tokenOf({ ClientRequestToken }: { ClientRequestToken?: string | undefined }): string {
  return required(ClientRequestToken, 'ClientRequestToken');
}
