import { ApplicationFailure } from '@temporalio/common';
import type { ConsentAction } from '../../../src/contracts/authority.js';
import { permanent, transient } from '../../../src/contracts/failures.js';
import type { People, Rails } from '../../../src/contracts/policies.js';
import type { Principal } from '../../../src/contracts/principal.js';
import type { PrincipalSnapshot } from '../../../src/domain/planning/principal-snapshot.js';
import { railRefusals } from '../../../src/domain/planning/rails.js';
import type { Authority } from '../../../src/ports/authority.js';
import { consentsProblem } from '../consents-problem.js';
import { readCurrentPrincipal } from '../current-principal.js';
import type { OwnIdentityOf } from '../own-identity.js';
import type { SnapshotDeps } from '../read-snapshot.js';

export interface AuthorizeRestoreDeps extends SnapshotDeps {
  readonly ownIdentity: OwnIdentityOf;
  readonly rails: () => Promise<Rails>;
  readonly people: () => Promise<People>;
  readonly authority: Authority;
  readonly now: () => string;
}

/** What is to be removed or issued, and who allowed it. */
export interface RestoreSubject {
  readonly incidentId: string;
  readonly principal: Principal;
  readonly planSha256: string;
  readonly consents: readonly string[];
  readonly action: Extract<ConsentAction, 'eradicate' | 'recover'>;
  /** What is removed; absent where it is done to the principal itself. */
  readonly target?: { readonly account: string; readonly arn: string; readonly uniqueId: string };
  /** The plan removes the principal too, so it may be gone already. */
  readonly principalMayBeGone?: boolean;
}

export type AuthorizeRestore = (subject: RestoreSubject) => Promise<void>;

/**
 * The last door before something is removed for good or a credential is made: rails as they are now, and signatures of
 * enough people for this action on this plan. Needs what a snapshot of the principal needs.
 *
 * @throws UnsafeAction, permanent: a rail, or missing and wrong signatures.
 * @throws TargetNotFound, PreconditionFailed, permanent: the principal is gone, or its name belongs to another one.
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient: the principal or its tags cannot be read.
 */
export function createAuthorizeRestore(deps: AuthorizeRestoreDeps): AuthorizeRestore {
  return async (subject) => {
    const { incidentId, principal, planSha256, consents, action } = subject;
    const account = subject.target?.account ?? principal.account;
    const [rails, own] = await Promise.all([deps.rails(), deps.ownIdentity(account)]);
    refuse([
      ...(rails.dryRun ? ['rails.yaml says dryRun: nothing is written'] : []),
      ...(account === own.account ? [] : [`we act in account ${own.account}, not ${account}`]),
    ]);
    const snapshot = await readOwner(deps, { subject, readBy: own.arn });
    // The ARN of a principal may be made up; what the never-touch list protects is the one AWS has.
    const target = subject.target ?? { account, arn: snapshot.arn, uniqueId: snapshot.uniqueId };
    refuse(railRefusals(target, { rails, ourArn: own.arn, ourIds: own.chain }));
    const wanted = {
      incidentId,
      action,
      principal,
      planSha256,
      // The stakes do not hang on the tier here: what counts is how many signed.
      tier: 'A0' as const,
      quorum: rails.quorumByAction[action] ?? 2,
      nowMs: Date.parse(deps.now()),
    };
    const problem = await consentsProblem(consents, wanted, { snapshot, authority: deps.authority, people: deps.people, rails });
    if (problem !== undefined) throw permanent('UnsafeAction', `${action} is not authorized: ${problem}`);
  };
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw permanent('UnsafeAction', problems.join('; '));
}

type Owned = Pick<PrincipalSnapshot, 'arn' | 'uniqueId' | 'tags'>;

/** Without its tags the owner may not be known: then nobody's signature can be told from the owner's. */
async function readOwner(deps: SnapshotDeps, { subject, readBy }: { subject: RestoreSubject; readBy: string }): Promise<Owned> {
  const { principal, principalMayBeGone } = subject;
  const snapshot = await readCurrentPrincipal(deps, { principal, incidentId: subject.incidentId, role: 'Restorer', readBy }).catch(
    (error: unknown) => {
      if (principalMayBeGone === true && error instanceof ApplicationFailure && error.type === 'TargetNotFound') return undefined;
      throw error;
    },
  );
  if (snapshot === undefined) return { arn: principal.arn, uniqueId: principal.uniqueId, tags: {} };
  const unread = snapshot.notRead.find((part) => part.startsWith('tags'));
  if (unread === undefined) return snapshot;
  const message = `the owners of ${principal.name} are not known: ${unread} could not be read`;
  throw unread.includes('AccessDenied') ? permanent('PermissionDenied', message) : transient('UpstreamUnavailable', message);
}
