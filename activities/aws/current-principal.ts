import { NoSuchEntityException } from '@aws-sdk/client-iam';
import { permanent } from '../../src/contracts/failures.js';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import { readSnapshot, type SnapshotDeps } from './read-snapshot.js';
import type { SnapshotSubject } from './snapshot-reading.js';

/**
 * The principal of a plan as it is now, as far as a write is judged by it. Names are used again, unique ids are not (design 4).
 *
 * @throws TargetNotFound, permanent: it is gone. PreconditionFailed, permanent: the name belongs to another one.
 */
export async function readCurrentPrincipal(deps: SnapshotDeps, subject: Omit<SnapshotSubject, 'depth'>): Promise<PrincipalSnapshot> {
  const { kind, name, uniqueId } = subject.principal;
  const snapshot = await readSnapshot(deps, { ...subject, depth: 'authority' }).catch((error: unknown) => {
    if (!(error instanceof NoSuchEntityException)) throw error;
    throw permanent('TargetNotFound', `${kind} ${name} does not exist any more`, { cause: error });
  });
  if (snapshot.uniqueId === uniqueId) return snapshot;
  throw permanent('PreconditionFailed', `${kind} ${name} is now ${snapshot.uniqueId}, not ${uniqueId} that was planned for`);
}
