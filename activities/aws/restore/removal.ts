import type { EC2Client } from '@aws-sdk/client-ec2';
import type { IAMClient } from '@aws-sdk/client-iam';
import { EradicateInput, type EradicationAction, type EradicationResult } from '../../../src/contracts/eradication.js';
import { parsePayload, permanent, transient } from '../../../src/contracts/failures.js';
import type { EvidenceRef } from '../../../src/contracts/primitives.js';
import { canonicalJson, sha256Of } from '../../../src/domain/canonical-json.js';
import { proposalsHash } from '../../../src/domain/eradication/propose.js';
import { listAt } from '../../../src/domain/lineage/values.js';
import type { EvidenceStore } from '../../../src/ports/evidence-store.js';
import type { AuthorizeRestore } from './authorize-restore.js';
import { type Current, readCurrent } from './read-current.js';

export interface RemovalDeps {
  readonly authorize: AuthorizeRestore;
  readonly iam: IAMClient;
  readonly ec2: (region: string) => EC2Client;
  readonly evidence: EvidenceStore;
  readonly now: () => string;
}

/** How one kind of thing is copied and taken away. Both may be called again after a crash. */
export interface RemovalSpec {
  readonly action: EradicationAction;
  /** Everything needed to make it again. */
  readonly copy: (target: string) => Promise<unknown>;
  /** Takes it away with all that hangs on it; finds half-done work done. Returns AWS's request ids. */
  readonly remove: (target: string, owner: string | undefined) => Promise<string[]>;
}

/**
 * Removes one thing of the plan: authorizes, makes sure it is still the thing that was proposed, keeps a copy in the
 * evidence store, removes it, and reads that it is gone. Delivered twice, the second finds it gone.
 *
 * @throws UnsafeAction, permanent: not authorized, not part of the plan, or not the intruder's after all.
 * @throws PreconditionFailed, permanent: the name now belongs to another thing.
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, ConflictInFlight, transient.
 */
export function createRemoval(spec: RemovalSpec, deps: RemovalDeps): (input: EradicateInput) => Promise<EradicationResult> {
  return async (raw) => {
    const input = parsePayload(EradicateInput, raw, 'removal');
    const { proposal, principal, incidentId, plan, consents } = input;
    refuseForeign(spec.action, input);
    const current = await readCurrent(proposal, deps);
    const { arn = proposal.owner ?? proposal.target, uniqueId = proposal.uniqueId ?? '' } = current ?? {};
    await deps.authorize({
      incidentId,
      principal,
      planSha256: plan.planSha256,
      consents,
      action: 'eradicate',
      target: { account: proposal.account, arn, uniqueId },
      principalMayBeGone: plan.proposals.some((one) => one.uniqueId === principal.uniqueId),
    });
    const { proposalId, action } = proposal;
    const result = { proposalId, action, target: proposal.target, at: deps.now() };
    if (current === undefined) return { ...result, outcome: 'alreadyGone', requestIds: [] };
    refuseOther(input, current);
    const before = await keepCopy(spec, deps, input);
    const requestIds = await spec.remove(proposal.target, proposal.owner);
    if ((await readCurrent(proposal, deps)) !== undefined)
      throw transient('ConflictInFlight', `${proposal.target} is still there after it was deleted`);
    return { ...result, at: deps.now(), outcome: 'removed', before, requestIds };
  };
}

function refuseForeign(action: EradicationAction, { plan, proposal }: EradicateInput): void {
  const problems: string[] = [];
  if (proposalsHash(plan) !== plan.planSha256) problems.push('the plan is not the one its hash names');
  if (!plan.proposals.some((one) => canonicalJson(one) === canonicalJson(proposal))) problems.push('the proposal is not part of the plan');
  if (proposal.action !== action) problems.push(`the proposal is for ${proposal.action}`);
  if (problems.length > 0) throw permanent('UnsafeAction', problems.join('; '));
}

/** It may have changed hands since it was proposed. */
function refuseOther({ proposal, plan }: EradicateInput, current: Current): void {
  const { target, uniqueId = 'unknown', owner = target } = proposal;
  if (current.uniqueId !== uniqueId || current.arn !== owner) {
    const now = `${current.uniqueId ?? 'unknown'} (${current.arn})`;
    throw permanent('PreconditionFailed', `${target} is now ${now}, not ${uniqueId} (${owner}) that was proposed`);
  }
  if (proposal.why === 'compromised' && current.status !== 'Inactive')
    throw permanent('UnsafeAction', `${target} is active: somebody may be working with it`);
  if (proposal.why === 'compromised') return;
  const made = Date.parse(current.createdAt ?? '');
  if (!(made + 1000 >= Date.parse(plan.firstMaliciousAt ?? '')))
    throw permanent('UnsafeAction', `${target} was made before the first malicious event: it is not the intruder's`);
}

async function keepCopy(spec: RemovalSpec, { evidence }: RemovalDeps, { incidentId, proposal }: EradicateInput): Promise<EvidenceRef> {
  const copy = await spec.copy(proposal.target);
  refusePartial(copy, proposal.target);
  const name = `${proposal.action}-${proposal.proposalId}-${sha256Of(copy).slice(0, 16)}`;
  return evidence.put(`${incidentId}/snapshots/${name}.json`, Buffer.from(canonicalJson(copy)));
}

/** What was not copied could never be made again. */
function refusePartial(copy: unknown, target: string): void {
  const unread = listAt(copy, 'notRead').filter((part) => typeof part === 'string');
  if (unread.length === 0) return;
  const message = `${target} could not be copied before its removal: ${unread.join(', ')}`;
  throw unread.some((part) => part.includes('AccessDenied'))
    ? permanent('PermissionDenied', message)
    : transient('UpstreamUnavailable', message);
}
