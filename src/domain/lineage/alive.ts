import type { LogIndex } from './log-index.js';
import type { LogRecord } from './log-record.js';
import { UNKNOWN_SESSION_MS } from './minted.js';
import type { Credential } from './trace.js';
import { textAt } from './values.js';

/** Whether a credential still works at `until`, as far as the log tells; in doubt it does. */
export function isAlive(credential: Credential, index: LogIndex, until: number): boolean {
  if (isOwnerDeleted(credential, index)) return false;
  switch (credential.kind) {
    case 'access-key':
      return isKeyActive(credential.id, index);
    case 'service-specific-credential':
      return !succeeded(index, 'DeleteServiceSpecificCredential').some(
        (record) => textAt(record.params, 'serviceSpecificCredentialId') === credential.id,
      );
    case 'secret':
      return !['RotateSecret', 'PutSecretValue', 'UpdateSecret', 'DeleteSecret'].some((call) =>
        succeeded(index, call).some(
          (record) => record.at > (credential.mintedAt ?? 0) && textAt(record.params, 'secretId') === credential.id,
        ),
      );
    default:
      return (credential.expiresAt ?? (credential.mintedAt ?? until) + UNKNOWN_SESSION_MS) > until;
  }
}

/** The last word on a key counts; of two in one second `Active`. */
function isKeyActive(id: string, index: LogIndex): boolean {
  let active = true;
  let since = -Infinity;
  const calls = [...succeeded(index, 'UpdateAccessKey'), ...succeeded(index, 'DeleteAccessKey')];
  for (const record of calls.toSorted((a, b) => a.at - b.at)) {
    if (textAt(record.params, 'accessKeyId') !== id) continue;
    if (record.name === 'DeleteAccessKey') return false;
    const now = textAt(record.params, 'status') !== 'Inactive';
    active = record.at === since ? active || now : now;
    since = record.at;
  }
  return active;
}

/** A deletion after the credential was issued; a user of the same name made later is another. */
function isOwnerDeleted({ principal, mintedAt, id }: Credential, index: LogIndex): boolean {
  const [, account, kind, name] = /^arn:[^:]+:iam::(\d+):(user|role)\/(?:.*\/)?([^/]+)$/.exec(principal ?? '') ?? [];
  if (name === undefined) return false;
  const lastUse = index.byKey.get(id)?.findLast((record) => record.error === undefined)?.at ?? -Infinity;
  const from = Math.max(mintedAt ?? -Infinity, lastUse);
  const [call, field] = kind === 'user' ? ['DeleteUser', 'userName'] : ['DeleteRole', 'roleName'];
  return succeeded(index, call).some((record) => record.at >= from && record.account === account && textAt(record.params, field) === name);
}

function succeeded(index: LogIndex, name: string): LogRecord[] {
  return (index.byName.get(name) ?? []).filter((record) => record.error === undefined);
}
