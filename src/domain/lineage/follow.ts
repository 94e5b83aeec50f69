import { plainName } from './attack.js';
import { followCompute } from './follow-compute.js';
import { followIam } from './follow-iam.js';
import { isSessionIssue, mintedBy, sessionFacts } from './minted.js';
import { textAt } from './values.js';
import { isObject, listAt } from './values.js';
import { SAME_SESSION_MS, type Task, type Trace, usedCredential } from './trace.js';

/** Behind role and source these hold a second indicator only when address and agent agree (aws-domain 5.5, weak). */
const WEAK_MS = 10_000;

/** Follows one record of the thief or of the holder to what it made (aws-domain 5.4). A refused call makes nothing. */
export function follow(trace: Trace, task: Task): void {
  const { record, owner, node } = task;
  // The other half of a cross-account call is the same action.
  const pairs = record.shared === undefined ? [] : (trace.index.byShared.get(record.shared) ?? []);
  for (const pair of pairs) if (pair.actor.key === undefined || pair.actor.key === record.actor.key) trace.claim(pair, owner, node);
  if (record.error !== undefined) return;

  const found = { owner, node, provedBy: record.id, strength: 'exact' as const };
  const minted = mintedBy(record) ?? pairs.map(mintedBy).find((other) => other !== undefined);
  if (minted !== undefined) trace.addCredential(minted, found);
  else if (isSessionIssue(record)) followUnnamedSession(trace, task);
  if (owner === 'holder') return;
  followIam(trace, task);
  followCompute(trace, task);
  followSecrets(trace, task);
}

/** A session was given out, but the record does not name its key. */
function followUnnamedSession(trace: Trace, { record, owner, node }: Task): void {
  const found = { owner, node, provedBy: record.id, strength: 'strong' as const };
  const facts = sessionFacts(record);
  const session = facts.session ?? (textAt(record.params, 'roleSessionName') === undefined ? record.actor.principalId : undefined);
  if (session !== undefined) trace.followSession(session, { ...found, at: record.at, credential: node });
  if (session !== undefined && facts.kind !== 'console-session') return;
  const name = textAt(record.params, 'roleSessionName') ?? session?.split(':')[1] ?? '';
  for (const use of trace.index.bySessionName.get(name) ?? []) {
    const { key, createdAt = -Infinity } = use.actor;
    if (key === undefined || trace.index.mintOf.has(key) || use.actor.issuerArn !== (facts.principal ?? use.actor.issuerArn)) continue;
    const distance = Math.abs(createdAt - record.at);
    const sameCaller = use.ip === record.ip && use.agent === record.agent;
    if (distance <= SAME_SESSION_MS && session === undefined) trace.addCredential(usedCredential(use, key), found);
    else if (distance <= WEAK_MS && sameCaller) trace.addCredential(usedCredential(use, key), { ...found, strength: 'weak' });
  }
}

/** What was read may be a credential: reported, never followed. */
function followSecrets(trace: Trace, { record, node }: Task): void {
  for (const id of readSecrets(record.params, plainName(record.name))) {
    const minted = { id, kind: 'secret' as const, principal: id, mintedAt: record.at };
    trace.addCredential(minted, { owner: 'thief', node, provedBy: record.id, strength: 'weak' });
  }
}

function readSecrets(params: unknown, name: string): string[] {
  if (!isObject(params)) return [];
  if (name === 'GetSecretValue') return texts([textAt(params, 'secretId')]);
  if (name === 'BatchGetSecretValue') return texts(listAt(params, 'secretIdList'));
  if (name === 'GetParameter') return texts([textAt(params, 'name')]);
  if (name === 'GetParameters') return texts(listAt(params, 'names'));
  return name === 'GetParametersByPath' ? texts([textAt(params, 'path')]) : [];
}

function texts(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}
