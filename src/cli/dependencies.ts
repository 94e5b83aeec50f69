import { join } from 'node:path';
import { createLocalAuthority, ensureLocalKeys } from '../adapters/authority/local.js';
import { createFileRejectedStore } from '../adapters/rejected/file.js';
import { createFileTokenStore } from '../adapters/tokens/file.js';
import type { Env } from '../config/env.js';
import type { ReceiveDeps } from '../ingest/receive.js';
import { createPolicies } from '../playbooks/load.js';
import type { Policies } from '../ports/policies.js';
import type { Authority } from '../ports/authority.js';
import type { TokenStore } from '../ports/token-store.js';
import type { ActingDeps } from '../incidents/acting.js';
import { CliError, EXIT } from './cli-error.js';
import type { CliContext, Session } from './context.js';

/** Policies and local keys of this machine. */
export function localTrust(env: Env): { policies: Policies; authority: Authority } {
  const policies = createPolicies(env.policyDir);
  return { policies, authority: createLocalAuthority({ keyDir: env.keyDir, people: policies.people }) };
}

/** Tokens of this installation: hashes in the key folder. */
export function localTokens({ keyDir }: Env): TokenStore {
  return createFileTokenStore(join(keyDir, 'tokens.json'));
}

/** What taking in an alert needs. Makes ingest's key pair when it is missing. */
export async function receiveDeps(context: Pick<CliContext, 'env' | 'now'>, session: Session): Promise<ReceiveDeps> {
  const env = context.env();
  await ensureLocalKeys(env.keyDir, []);
  const { authority } = localTrust(env);
  return { authority, client: session.client, now: context.now, rejected: createFileRejectedStore(join(env.dataDir, 'rejected')) };
}

/** What acting on an incident needs. */
export function actingDeps(context: CliContext, session: Session): ActingDeps {
  const { policies, authority } = localTrust(context.env());
  return { session, authority, people: policies.people, rails: policies.rails, now: context.now };
}

/** Who acts: `--as`, else TOURNIQUET_SUBJECT. */
export function subjectOf(context: CliContext, given: string | undefined): string {
  const subject = given ?? context.env().subject;
  if (subject === undefined) throw new CliError('who acts? Give --as <subject> or set TOURNIQUET_SUBJECT', EXIT.usage);
  return subject;
}
