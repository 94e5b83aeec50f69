import { parsePayload, permanent, transient } from '../../src/contracts/failures.js';
import type { GuardState } from '../../src/contracts/guard.js';
import { WriteInput } from '../../src/contracts/measure.js';
import type { People, Rails } from '../../src/contracts/policies.js';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import { planHash } from '../../src/domain/planning/plan-principal.js';
import { railRefusals } from '../../src/domain/planning/rails.js';
import { measureCallFor } from '../../src/domain/planning/measure-calls.js';
import type { Authority } from '../../src/ports/authority.js';
import type { Guard } from '../../src/ports/guard.js';
import { authorityProblem } from './authority-problem.js';
import { readCurrentPrincipal } from './current-principal.js';
import type { DescentProblem } from './descent-problem.js';
import type { OwnIdentityOf } from './own-identity.js';
import type { SnapshotDeps } from './read-snapshot.js';
import type { RecentCallers } from './recent-callers.js';

export interface AuthorizeWriteDeps extends SnapshotDeps {
  readonly ownIdentity: OwnIdentityOf;
  readonly recentCallers: RecentCallers;
  readonly rails: () => Promise<Rails>;
  readonly people: () => Promise<People>;
  readonly authority: Authority;
  readonly guard: Pick<Guard, 'state'>;
  readonly descentProblem: DescentProblem;
  readonly now: () => string;
}

/**
 * The last door before AWS, asked by every writing activity (design 9): the call is one of the approved plan
 * and one we could have planned; rails as they are now; the principal is still the one planned; the guard;
 * and an authority whose signatures hold for this plan at a tier computed afresh. Undo asks for the consent
 * of *restore* and is never stopped by the guard.
 *
 * @throws UnsafeAction, permanent: a rail, a missing or wrong authority, or a call outside the plan.
 * @throws PreconditionFailed, permanent: the name now belongs to another principal.
 * @throws GuardStopped, UpstreamUnavailable, transient: the guard is stopped or does not answer.
 */
export function createAuthorizeWrite(deps: AuthorizeWriteDeps): (input: WriteInput) => Promise<void> {
  return async (raw) => {
    const input = parsePayload(WriteInput, raw, 'write');
    const [rails, own] = await Promise.all([deps.rails(), deps.ownIdentity(input.principal.account)]);
    refuseForeignCall(input);
    const us = { rails, ourArn: own.arn, ourIds: own.chain };
    const refusals = railRefusals(input.principal, us);
    if (rails.dryRun) refusals.push('rails.yaml says dryRun: nothing is written');
    if (input.principal.account !== own.account) refusals.push(`we act in account ${own.account}, not ${input.principal.account}`);
    refuse(refusals);
    // The ARN in the input may be made up: what the never-touch list protects is the user as AWS has it.
    const { principal, incidentId } = input;
    const snapshot = await readCurrentPrincipal(deps, { principal, incidentId, role: 'Responder', readBy: own.arn });
    refuse(railRefusals({ ...input.principal, arn: snapshot.arn }, us));
    const guard = input.undo ? undefined : await readGuard(deps.guard);
    const problem = await authorityProblem(input, { ...deps, rails, guard, snapshot });
    if (problem !== undefined) throw permanent('UnsafeAction', `${input.call.measure} is not authorized: ${problem}`);
  };
}

/** A plan may only shrink: its calls are those we would make ourselves, under the hash people signed. */
function refuseForeignCall({ call, approvedPlan, principal, incidentId, containmentId, undo, reapply }: WriteInput): void {
  const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);
  const problems: string[] = [];
  if (planHash(approvedPlan) !== approvedPlan.planSha256) problems.push('the plan is not the one its hash names');
  if (![...approvedPlan.measures, ...approvedPlan.recovery].some((measure) => same(measure, call)))
    problems.push('the call is not part of the approved plan');
  if (!same(measureCallFor(call, { principal, incidentId }), call)) problems.push('the call is not one that Tourniquet plans');
  if (!same(approvedPlan.principal, principal)) problems.push('the plan is for another principal');
  if (approvedPlan.refusals.length > 0) problems.push('the plan was refused by a rail');
  if (!containmentId.startsWith('containment/')) problems.push('no containment claims it');
  for (const recorded of [undo, reapply]) {
    if (recorded && (recorded.measure !== call.measure || recorded.target !== call.target))
      problems.push('the recorded result is of another measure');
  }
  refuse(problems);
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw permanent('UnsafeAction', problems.join('; '));
}

async function readGuard(guard: Pick<Guard, 'state'>): Promise<GuardState | undefined> {
  let state: GuardState | undefined;
  try {
    state = await guard.state();
  } catch {
    // Unreachable: people may still decide (`guardTroubleQuorum`), an alert alone may not.
    return undefined;
  }
  if (state.stopped) throw transient('GuardStopped', `the guard is stopped: ${state.stopReason ?? 'no reason given'}`);
  return state;
}
