import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { permanent } from '../../contracts/failures.js';
import type { Vault } from '../../ports/vault.js';

/**
 * AWS Secrets Manager. Our version ids travel as `ClientRequestToken`, so a repeat is recognised by AWS itself. Needs
 * `secretsmanager:CreateSecret`, `PutSecretValue`, `ListSecretVersionIds` and `GetSecretValue` on `tourniquet/*`.
 */
export function createSecretsManagerVault(client: SecretsManagerClient): Vault {
  return {
    async find(SecretId) {
      const versionIds: string[] = [];
      let NextToken: string | undefined;
      let arn = '';
      try {
        do {
          const page = await client.send(
            new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true, ...(NextToken === undefined ? {} : { NextToken }) }),
          );
          arn = page.ARN ?? arn;
          versionIds.push(...(page.Versions ?? []).flatMap(({ VersionId }) => (VersionId === undefined ? [] : [VersionId])));
          NextToken = page.NextToken;
        } while (NextToken !== undefined);
        return { arn, versionIds };
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },

    async put(Name, { versionId: ClientRequestToken, value: SecretString, description: Description }) {
      try {
        const { ARN = '' } = await client.send(new CreateSecretCommand({ Name, ClientRequestToken, SecretString, Description }));
        return { arn: ARN };
      } catch (error) {
        if (!(error instanceof ResourceExistsException)) throw error;
      }
      try {
        const { ARN = '' } = await client.send(new PutSecretValueCommand({ SecretId: Name, ClientRequestToken, SecretString }));
        return { arn: ARN };
      } catch (error) {
        if (error instanceof ResourceExistsException)
          throw permanent('PreconditionFailed', `version ${ClientRequestToken} of ${Name} holds another value`);
        throw error;
      }
    },

    async get(SecretId, VersionId) {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionId }));
      if (SecretString === undefined) throw permanent('TargetNotFound', `version ${VersionId} of ${SecretId} holds no text`);
      return SecretString;
    },
  };
}
