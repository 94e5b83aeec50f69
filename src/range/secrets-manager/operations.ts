import type { Operations } from '../server/operation.js';
import { createSecretReads } from './read-operations.js';
import { createSecrets } from './secrets.js';
import { createSecretWrites } from './write-operations.js';

/** The Secrets Manager calls of an account that has no secrets yet. */
export function createSecretsManagerOperations(): Operations {
  const secrets = createSecrets();
  return { ...createSecretWrites(secrets), ...createSecretReads(secrets) };
}
