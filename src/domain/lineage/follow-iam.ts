import { plainName } from './attack.js';
import type { LogRecord } from './log-record.js';
import { mintedBy, partitionOf, userArn } from './minted.js';
import { type Node, type Task, type Trace, usedCredential } from './trace.js';
import { isOutside, letsIn, trustedBy } from './trust.js';
import { textAt } from './values.js';

const ROLE_CALLS = ['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'];

/** Follows what the thief did to users, roles and identity providers. */
export function followIam(trace: Trace, task: Task): void {
  const { record } = task;
  const name = plainName(record.name);
  if (name === 'GetWebIdentityToken') return followWebIdentity(trace, task);
  if (record.source !== 'iam.amazonaws.com' || record.readOnly === true) return;
  if (name === 'CreateUser')
    return taintCreated(trace, task, { arn: userOf(trace, record), uniqueId: textAt(record.response, 'user.userId') });
  if (name === 'CreateRole' || name === 'AcquireRole') {
    const arn = roleOf(record);
    taintCreated(trace, task, { arn, uniqueId: textAt(record.response, 'role.roleId') });
    openDoor(trace, task, { arn, isWhole: true });
    return reportOutsiders(trace, record);
  }
  if (name === 'UpdateAssumeRolePolicy') {
    trace.addPrincipal({ arn: roleOf(record), how: 'trust-changed', provedBy: record.id });
    openDoor(trace, task, { arn: roleOf(record), isWhole: false });
    return reportOutsiders(trace, record);
  }
  if (name === 'CreateLoginProfile' || name === 'UpdateLoginProfile') return followPassword(trace, task);
  if (name === 'CreateSAMLProvider' || name === 'CreateOpenIDConnectProvider') return followProvider(trace, task, 'strong');
  if (name === 'UpdateSAMLProvider' || name === 'UpdateOpenIDConnectProviderThumbprint') return followProvider(trace, task, 'weak');
  if (name === 'UpdateAccessKey' && textAt(record.params, 'status') === 'Active') reviveKey(trace, task);
  const changed = changedPrincipal(trace, record);
  const made = trace.principals.some((row) => row.arn === changed && row.how === 'created');
  if (changed !== undefined && !made && !name.startsWith('Delete'))
    trace.addPrincipal({ arn: changed, how: 'changed', provedBy: record.id });
}

/** ARN of the user a call names; the caller itself where it names none. */
export function userOf(trace: Trace, record: LogRecord): string {
  const name = textAt(record.params, 'userName');
  const account = record.actor.account ?? record.account;
  const made = trace.principals.find(
    (row) => row.how === 'created' && row.arn.includes(`:${account}:user/`) && row.arn.endsWith(`/${name}`),
  );
  if (name === undefined) return record.actor.issuerArn ?? record.actor.arn ?? 'unknown';
  return textAt(record.response, 'user.arn') ?? made?.arn ?? trace.index.userArns.get(`${account}/${name}`) ?? userArn(record, name);
}

/** ARN of the role a call names. */
export function roleOf(record: LogRecord): string {
  const name = textAt(record.params, 'roleName') ?? 'unknown';
  const arn = `arn:${partitionOf(record)}:iam::${record.actor.account ?? record.account}:role/${name}`;
  return textAt(record.response, 'role.arn') ?? arn;
}

/** Everything done by a user or role that the thief made is the thief's, until that one is deleted: names come back. */
function taintCreated(trace: Trace, { record, node }: Task, made: { arn: string; uniqueId: string | undefined }): void {
  trace.addPrincipal({ arn: made.arn, how: 'created', provedBy: record.id });
  const next: Node = { id: made.arn, depth: node.depth + 1, chain: new Set(node.chain).add(made.arn) };
  const until = endOf(trace, record);
  for (const use of trace.index.byPrincipal.get(made.arn) ?? []) {
    if (use.at < record.at || !isSameOne(use, made.uniqueId, until)) continue;
    if (use.actor.key === undefined) trace.claim(use, 'thief', next);
    else if (!trace.credentials.has(use.actor.key)) {
      const mint = trace.index.mintOf.get(use.actor.key);
      const found = { owner: 'thief' as const, node: next, provedBy: mint?.id ?? record.id, parent: mint?.actor.key };
      const minted = (mint === undefined ? undefined : mintedBy(mint)) ?? usedCredential(use, use.actor.key);
      trace.addCredential(minted, { ...found, strength: mint === undefined ? 'strong' : 'exact' });
    }
  }
}

function isSameOne(use: LogRecord, uniqueId: string | undefined, until: number): boolean {
  const known = use.actor.type === 'FederatedUser' ? undefined : use.actor.principalId?.split(':')[0];
  return uniqueId !== undefined && known !== undefined ? known === uniqueId : use.at <= until;
}

/** When the principal made by this record was deleted. */
function endOf(trace: Trace, made: LogRecord): number {
  const [call, field] = plainName(made.name) === 'CreateUser' ? ['DeleteUser', 'userName'] : ['DeleteRole', 'roleName'];
  const end = (trace.index.byName.get(call) ?? []).find(
    (record) =>
      record.error === undefined &&
      record.at >= made.at &&
      record.account === made.account &&
      textAt(record.params, field) === textAt(made.params, field),
  );
  return end?.at ?? Infinity;
}

/** Who comes in by a trust that the thief wrote: into a role of the thief's everyone, into another's role only outsiders it names. */
function openDoor(trace: Trace, { record, node }: Task, door: { arn: string; isWhole: boolean }): void {
  const outsiders = trustedBy(record).filter((trusted) => isOutside(trusted, trace.limits.owned));
  for (const call of ROLE_CALLS.flatMap((name) => trace.index.byName.get(name) ?? [])) {
    if (call.error !== undefined || call.at < record.at || withoutPath(textAt(call.params, 'roleArn')) !== withoutPath(door.arn)) continue;
    const isOutsider = !trace.limits.owned.has(call.actor.account ?? '') && outsiders.some((trusted) => letsIn(trusted, call));
    const minted = mintedBy(call);
    if (!isOutsider && !door.isWhole) continue;
    if (isOutsider) trace.claim(call, 'thief', node);
    const parent = call.actor.key ?? call.actor.arn ?? call.actor.account ?? door.arn;
    if (minted !== undefined) trace.addCredential(minted, { owner: 'thief', node, provedBy: call.id, strength: 'exact', parent });
  }
}

/** A call that changes a role names it without its path, a call that assumes it with. */
function withoutPath(arn = ''): string {
  return arn.replace(/:role\/.*\//, ':role/');
}

function reportOutsiders(trace: Trace, record: LogRecord): void {
  for (const trusted of trustedBy(record)) {
    if (isOutside(trusted, trace.limits.owned)) trace.addPrincipal({ arn: trusted.name, how: 'external', provedBy: record.id });
  }
}

/** Whoever signs in with the password that the thief set is the thief, until somebody else sets another. */
function followPassword(trace: Trace, { record, node }: Task): void {
  const arn = userOf(trace, record);
  const name = textAt(record.params, 'userName');
  trace.addPrincipal({ arn, how: 'password-set', provedBy: record.id });
  const resets = ['UpdateLoginProfile', 'DeleteLoginProfile'].flatMap((call) => trace.index.byName.get(call) ?? []);
  const isReset = (other: LogRecord): boolean =>
    other.error === undefined && other.at > record.at && textAt(other.params, 'userName') === name && other.actor.arn !== record.actor.arn;
  const until = Math.min(Infinity, ...resets.filter(isReset).map((other) => other.at));
  for (const login of trace.index.byPrincipal.get(arn) ?? []) {
    if (login.name !== 'ConsoleLogin' || login.error !== undefined || login.at < record.at || login.at > until) continue;
    trace.claim(login, 'thief', { id: arn, depth: node.depth + 1, chain: new Set(node.chain).add(arn) });
  }
}

/** Sessions by an identity provider that the thief made (strong) or changed (weak: others use it too). */
function followProvider(trace: Trace, { record, node }: Task, strength: 'strong' | 'weak'): void {
  const arn =
    textAt(record.response, 'sAMLProviderArn') ??
    textAt(record.response, 'openIDConnectProviderArn') ??
    textAt(record.params, 'sAMLProviderArn') ??
    textAt(record.params, 'openIDConnectProviderArn');
  for (const call of ROLE_CALLS.slice(1).flatMap((name) => trace.index.byName.get(name) ?? [])) {
    const by = textAt(call.params, 'principalArn') ?? call.actor.provider;
    const minted = mintedBy(call);
    if (arn === undefined || by !== arn || call.at < record.at || minted === undefined) continue;
    if (strength === 'strong') trace.claim(call, 'thief', node);
    trace.addCredential(minted, { owner: 'thief', node, provedBy: call.id, strength, parent: arn });
  }
}

function followWebIdentity(trace: Trace, { record, node }: Task): void {
  const token = textAt(record.response, 'webIdentityTokenId');
  for (const call of trace.index.byName.get('AssumeRoleWithWebIdentity') ?? []) {
    if (token !== undefined && textAt(call.params, 'webIdentityTokenId') === token) trace.claim(call, 'thief', node);
  }
}

/** A key switched on again may be in the thief's hands: reported, not followed. */
function reviveKey(trace: Trace, { record, node }: Task): void {
  const id = textAt(record.params, 'accessKeyId');
  if (id === undefined) return;
  const minted = { id, kind: 'access-key' as const, principal: userOf(trace, record), mintedAt: record.at };
  trace.addCredential(minted, { owner: 'thief', node, provedBy: record.id, strength: 'weak' });
}

function changedPrincipal(trace: Trace, record: LogRecord): string | undefined {
  if (textAt(record.params, 'roleName') !== undefined) return roleOf(record);
  return textAt(record.params, 'userName') === undefined ? undefined : userOf(trace, record);
}
