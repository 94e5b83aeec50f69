import type { IAMClient } from '@aws-sdk/client-iam';
import type { ConsentAction } from '../../../src/contracts/authority.js';
import { permanent } from '../../../src/contracts/failures.js';
import type { People, Rails } from '../../../src/contracts/policies.js';
import type { Principal } from '../../../src/contracts/principal.js';
import { railRefusals } from '../../../src/domain/planning/rails.js';
import type { Authority } from '../../../src/ports/authority.js';
import { consentsProblem } from '../consents-problem.js';
import type { OwnIdentity } from '../own-identity.js';
import { readSnapshot } from '../read-snapshot.js';

export interface AuthorizeRestoreDeps {
  readonly iam: IAMClient;
  readonly ownIdentity: () => Promise<OwnIdentity>;
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
  /** What is written to, beside the principal's own account. */
  readonly target: { readonly arn: string; readonly uniqueId: string };
}

export type AuthorizeRestore = (subject: RestoreSubject) => Promise<void>;

/**
 * The last door before something is removed for good or a credential is made: rails as they are now, and signatures of
 * enough people for this action on this plan. Needs what a snapshot of the principal needs.
 *
 * @throws UnsafeAction, permanent: a rail, or missing and wrong signatures.
 */
export function createAuthorizeRestore(deps: AuthorizeRestoreDeps): AuthorizeRestore {
  return async ({ incidentId, principal, planSha256, consents, action, target }) => {
    const [rails, own] = await Promise.all([deps.rails(), deps.ownIdentity()]);
    const refusals = railRefusals({ account: principal.account, ...target }, { rails, ourArn: own.arn, ourUniqueId: own.uniqueId });
    if (rails.dryRun) refusals.push('rails.yaml says dryRun: nothing is written');
    if (principal.account !== own.account) refusals.push(`we act in account ${own.account}, not ${principal.account}`);
    if (refusals.length > 0) throw permanent('UnsafeAction', refusals.join('; '));
    const snapshot = await readSnapshot(deps.iam, { principal, readBy: own.arn }).catch(() => undefined);
    // Without its tags the owner may not be known: then nobody's signature can be told from the owner's.
    if (snapshot === undefined || snapshot.notRead.some((part) => part.startsWith('tags')))
      throw permanent('UnsafeAction', `${principal.name} could not be read, so its owners are not known`);
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
