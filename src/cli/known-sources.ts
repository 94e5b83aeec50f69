import { readFile } from 'node:fs/promises';
import type { KnownSource } from '../api/api-deps.js';
import type { Env } from '../config/env.js';
import type { Callers, SourceCaller } from '../contracts/callers.js';
import { CliError, EXIT } from './cli-error.js';

/** A guessed HMAC secret opens incidents: as long as the hash. */
const LEAST_SECRET_BYTES = 32;

/** The sources of callers.yaml with their secrets. @throws CliError: names the source and where its secret was looked for. */
export async function knownSources({ sources }: Callers, env: Env): Promise<KnownSource[]> {
  return Promise.all(
    sources.map(async (caller) => (caller.auth === 'hmac' ? { caller, secret: await secretOf(caller, env) } : { caller })),
  );
}

/** Never told: only where it was looked for and what is wrong. */
async function secretOf({ name, secretEnv, secretFile }: Extract<SourceCaller, { auth: 'hmac' }>, env: Env): Promise<string> {
  const where = secretEnv ?? secretFile ?? 'nowhere';
  const secret = secretEnv === undefined ? await readSecret(secretFile ?? '') : env.sourceSecrets[secretEnv];
  if (secret === undefined) throw new CliError(`callers.yaml: source ${name}: there is no secret in ${where}`, EXIT.usage);
  if (Buffer.byteLength(secret) < LEAST_SECRET_BYTES)
    throw new CliError(
      `callers.yaml: source ${name}: the secret in ${where} is too short: expected at least ${LEAST_SECRET_BYTES} bytes`,
      EXIT.usage,
    );
  return secret;
}

async function readSecret(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}
