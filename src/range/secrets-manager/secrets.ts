import { AwsError } from '../aws-error.js';
import type { Call } from '../server/call.js';

/** Either text or bytes, as it was put. */
export type SecretValue = { readonly SecretString?: string | undefined; readonly SecretBinary?: Uint8Array | undefined };

/** One version; a version without staging labels is deprecated. */
export type SecretVersion = {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAt: number;
  readonly stages: Set<string>;
};

/** One secret of one region. */
export type Secret = {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly description: string | undefined;
  readonly tags: Map<string, string>;
  readonly versions: Map<string, SecretVersion>;
  readonly createdAt: number;
  changedAt: number;
};

/** What a new secret starts from. */
export type NewSecret = { readonly name: string; readonly description: string | undefined };

/** The account's secrets. */
export interface Secrets {
  /** By name, ARN, or ARN without its random end, in the call's region. */
  find(call: Call, secretId: string): Secret | undefined;
  /** @throws AwsError ResourceNotFoundException */
  get(call: Call, secretId: string): Secret;
  add(call: Call, secret: NewSecret): Secret;
  list(region: string): readonly Secret[];
  /** The ARN a policy is matched against, also for a name that nobody uses. */
  arnOf(call: Call, secretId: string): string;
}

/** Random end of a secret's ARN: six characters. */
const SUFFIX_LENGTH = 6;
const SUFFIX_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Makes an empty set of secrets. */
export function createSecrets(): Secrets {
  const all: Secret[] = [];

  const find: Secrets['find'] = (call, secretId) =>
    all.find(
      ({ region, name, arn }) =>
        region === call.region && (name === secretId || arn === secretId || arn.slice(0, -SUFFIX_LENGTH - 1) === secretId),
    );

  return {
    find,
    get: (call, secretId) => {
      const secret = find(call, secretId);
      if (secret === undefined) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      return secret;
    },
    add: (call, { name, description }) => {
      const secret: Secret = {
        arn: `${arnStart(call)}${name}-${call.random.text(SUFFIX_ALPHABET, SUFFIX_LENGTH)}`,
        name,
        region: call.region,
        description,
        tags: new Map(),
        versions: new Map(),
        createdAt: call.at,
        changedAt: call.at,
      };
      all.push(secret);
      return secret;
    },
    list: (region) => all.filter((secret) => secret.region === region),
    arnOf: (call, secretId) => find(call, secretId)?.arn ?? (secretId.startsWith('arn:') ? secretId : `${arnStart(call)}${secretId}`),
  };
}

function arnStart({ region, account }: Call): string {
  return `arn:aws:secretsmanager:${region}:${account.id}:secret:`;
}
