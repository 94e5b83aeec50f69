import type {
  DescribeSecretRequest,
  DescribeSecretResponse,
  Filter,
  GetSecretValueRequest,
  GetSecretValueResponse,
  ListSecretsRequest,
  ListSecretsResponse,
  ListSecretVersionIdsRequest,
  ListSecretVersionIdsResponse,
} from '@aws-sdk/client-secrets-manager';
import { AwsError, required } from '../aws-error.js';
import type { Call } from '../server/call.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import type { Secret, Secrets } from './secrets.js';
import { versionAsked } from './versions.js';

/** Page size when the caller names none, and the largest (Secrets Manager API reference, MaxResults). */
const PAGE = 100;

/** The calls that read secrets. GetSecretValue is a management event: its record names who read which secret. */
export function createSecretReads(secrets: Secrets): Operations {
  const onSecret = ({ SecretId: id = '' }: { SecretId?: string | undefined }, call: Call): Access => ({
    resources: [secrets.arnOf(call, id)],
  });
  const secretOf = (input: { SecretId?: string | undefined }, call: Call): Secret =>
    secrets.get(call, required(input.SecretId, 'SecretId'));

  return {
    GetSecretValue: operation<GetSecretValueRequest, GetSecretValueResponse>({
      kind: 'read',
      access: onSecret,
      run: (input, call) => {
        const secret = secretOf(input, call);
        const version = versionAsked(secret, { id: input.VersionId, stage: input.VersionStage });
        const named = { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
        return { ...named, CreatedDate: new Date(version.createdAt), ...version.value };
      },
    }),

    DescribeSecret: operation<DescribeSecretRequest, DescribeSecretResponse>({
      kind: 'read',
      access: onSecret,
      run: (input, call) => {
        const secret = secretOf(input, call);
        return { ...entryOf(secret), VersionIdsToStages: stagesOf(secret) };
      },
    }),

    ListSecretVersionIds: operation<ListSecretVersionIdsRequest, ListSecretVersionIdsResponse>({
      kind: 'read',
      access: onSecret,
      run: (input, call) => {
        const secret = secretOf(input, call);
        const versions = [...secret.versions.values()].filter(({ stages }) => stages.size > 0 || input.IncludeDeprecated === true);
        const { page, NextToken } = pageOf(versions, input);
        const Versions = page.map(({ id, stages, createdAt }) => ({
          VersionId: id,
          VersionStages: [...stages],
          CreatedDate: new Date(createdAt),
        }));
        return { ARN: secret.arn, Name: secret.name, Versions, NextToken };
      },
    }),

    ListSecrets: operation<ListSecretsRequest, ListSecretsResponse>({
      kind: 'read',
      access: () => ({ resources: ['*'] }),
      run: (input, call) => {
        const found = secrets.list(call.region).filter((secret) => (input.Filters ?? []).every((filter) => fits(secret, filter)));
        const { page, NextToken } = pageOf(found, input);
        return { SecretList: page.map((secret) => ({ ...entryOf(secret), SecretVersionsToStages: stagesOf(secret) })), NextToken };
      },
    }),
  };
}

function entryOf({ arn, name, description, tags, createdAt, changedAt }: Secret): DescribeSecretResponse {
  return {
    ARN: arn,
    Name: name,
    Description: description,
    Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
    CreatedDate: new Date(createdAt),
    LastChangedDate: new Date(changedAt),
  };
}

/** Versions with labels; deprecated ones are left out, as AWS does. */
function stagesOf({ versions }: Secret): Record<string, string[]> {
  return Object.fromEntries([...versions.values()].filter(({ stages }) => stages.size > 0).map(({ id, stages }) => [id, [...stages]]));
}

/** A filter holds when one of its values is the beginning of what it looks at; `!` before a value turns it round. */
function fits({ name, description, tags }: Secret, { Key: key = 'all', Values: values = [] }: Filter): boolean {
  const looked: Readonly<Record<string, readonly string[]>> = {
    name: [name],
    description: [description ?? ''],
    'tag-key': [...tags.keys()],
    'tag-value': [...tags.values()],
    all: [name, description ?? '', ...tags.keys(), ...tags.values()],
  };
  const texts = looked[key];
  if (texts === undefined) throw new AwsError('InvalidParameterException', `The range does not filter by ${key}.`);
  return values.some((value) =>
    value.startsWith('!') ? !texts.some((text) => text.startsWith(value.slice(1))) : texts.some((text) => text.startsWith(value)),
  );
}

function pageOf<T>(
  items: readonly T[],
  { MaxResults = PAGE, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { page: readonly T[]; NextToken: string | undefined } {
  const start = NextToken === undefined ? 0 : Number(/^page-(\d+)$/.exec(NextToken)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  const end = start + MaxResults;
  return { page: items.slice(start, end), NextToken: end < items.length ? `page-${end}` : undefined };
}
