import type { IAMClient } from '@aws-sdk/client-iam';
import type { Principal } from '../../src/contracts/principal.js';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import { readRoleSnapshot } from './read-role-snapshot.js';
import { readUserSnapshot } from './read-user-snapshot.js';

/** Reads a principal as it is, by its kind; permissions and failures are those of the reader of the kind. */
export function readSnapshot(iam: IAMClient, subject: { principal: Principal; readBy: string }): Promise<PrincipalSnapshot> {
  return subject.principal.kind === 'role' ? readRoleSnapshot(iam, subject) : readUserSnapshot(iam, subject);
}
