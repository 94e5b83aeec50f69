import type { Alert } from '../../contracts/alert.js';
import type { Principal } from '../../contracts/principal.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';

/** Whether an alert speaks of this principal: only such alerts may say how much consent it needs. */
export function isAbout(
  { hints }: Alert,
  { principal, snapshot }: { principal: Pick<Principal, 'uniqueId' | 'name' | 'kind'>; snapshot: Pick<PrincipalSnapshot, 'keys'> },
): boolean {
  const { accessKeyId, userName, principalId } = hints;
  if (accessKeyId?.startsWith('AKIA')) return snapshot.keys.some((key) => key.accessKeyId === accessKeyId);
  return principalId === principal.uniqueId || (principal.kind === 'user' && userName === principal.name);
}
