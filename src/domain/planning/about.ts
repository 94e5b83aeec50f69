import type { Alert } from '../../contracts/alert.js';
import type { Principal } from '../../contracts/principal.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';

/** Whether an alert speaks of this principal: only such alerts may say how much consent it needs. */
export function isAbout(
  { hints, principalKind, account }: Alert,
  {
    principal,
    snapshot,
  }: { principal: Pick<Principal, 'uniqueId' | 'name' | 'kind' | 'account'>; snapshot: Pick<PrincipalSnapshot, 'keys'> },
): boolean {
  const { accessKeyId, userName, principalId = '' } = hints;
  // IAM does not tell which keys the root user has: the source's own word is all there is.
  if (principal.kind === 'root') return principalKind === 'root' && account === principal.account;
  // A finding about the person carries its user id; one about a session of a permission set the session's name, which is the user name.
  if (principal.kind === 'identityCenterUser') return principalId === principal.uniqueId || principalId.split(':')[1] === principal.name;
  if (accessKeyId?.startsWith('AKIA')) return snapshot.keys.some((key) => key.accessKeyId === accessKeyId);
  return principalId.split(':')[0] === principal.uniqueId || (principal.kind === 'user' && userName === principal.name);
}
