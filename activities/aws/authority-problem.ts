import type { Alert } from '../../src/contracts/alert.js';
import type { ConsentAction } from '../../src/contracts/authority.js';
import type { GuardMode, GuardState } from '../../src/contracts/guard.js';
import type { WriteInput } from '../../src/contracts/measure.js';
import type { People, Rails } from '../../src/contracts/policies.js';
import type { Tier } from '../../src/contracts/primitives.js';
import { sessionsJudged } from '../../src/domain/engine/descent.js';
import { isAbout } from '../../src/domain/planning/about.js';
import { blastRadiusOf } from '../../src/domain/planning/blast-radius.js';
import { signersNeeded } from '../../src/domain/planning/gate.js';
import { tierFor } from '../../src/domain/planning/tier.js';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import type { Authority } from '../../src/ports/authority.js';
import { consentsProblem } from './consents-problem.js';
import { armedProblem, liftProblem } from './lift-problem.js';
import type { DescentProblem } from './descent-problem.js';
import type { RecentCallers } from './recent-callers.js';

/** What the check of an authority reads. `guard` is `undefined` for undo and when it cannot be reached. */
export interface AuthorityContext {
  /** The user as it is now. */
  readonly snapshot: PrincipalSnapshot;
  readonly recentCallers: RecentCallers;
  readonly authority: Authority;
  readonly people: () => Promise<People>;
  readonly rails: Rails;
  readonly guard: GuardState | undefined;
  readonly descentProblem: DescentProblem;
  readonly now: () => string;
}

/** Why the authority of a write does not hold, or `undefined` when it does. */
export async function authorityProblem(input: WriteInput, context: AuthorityContext): Promise<string | undefined> {
  if (input.undo) return undoProblem(input, context);
  if (isRecovery(input)) return revokeProblem(input, context);
  const alerts = await verifiedAlerts(input, context);
  if (typeof alerts === 'string') return alerts;
  const { snapshot } = context;
  const aboutThis = alerts.filter((alert) => isAbout(alert, { principal: input.principal, snapshot }));
  const recent = await context.recentCallers(input.principal);
  const blastRadius = blastRadiusOf({ snapshot, recent, alerts: aboutThis, nowMs: Date.parse(context.now()) });
  const { tier, quorum } = tierFor({
    snapshot,
    blastRadius,
    alerts: aboutThis,
    rails: context.rails,
    freezesAccount: input.approvedPlan.measures.some(({ measure }) => measure === 'freezeMinting'),
    // What it says of the descent is checked below, before anything rests on it.
    descent: input.authority.by === 'descent' ? input.authority.edges : undefined,
    sessionsOnly: sessionsJudged(input.approvedPlan) !== undefined,
  });
  const { guard, rails } = context;
  const mode = guard?.modes[input.principal.account] ?? 'observe';
  const needed = signersNeeded(quorum, { mode: guard && mode, rails });

  // Automatic and no-answer plans hold only what undoes exactly (design 9.2); of one that people may still sign, that subset.
  if (input.authority.by !== 'people' && input.call.reversible !== 'exact')
    return 'without a signature only exactly reversible measures are written';
  switch (input.authority.by) {
    case 'alert':
      return alertProblem({ about: aboutThis.length > 0, mode, quorum, tier });
    case 'descent':
      return alertProblem({ about: true, mode, quorum, tier }) ?? context.descentProblem(input.authority, input.principal);
    case 'rule':
      return aboutThis.length === 0 ? 'the alert is not about this principal' : ruleProblem(input, { context, mode });
    case 'people': {
      const problem = await peopleProblem(input, { context, tier, quorum: needed, action: 'contain' });
      // During the session hold an old credential that was switched on is put back under the consent to recover.
      const heldOff = input.reapply !== undefined && input.call.layer === 'credential';
      return problem !== undefined && heldOff ? recoverProblem(input, context) : problem;
    }
  }
}

/** Undo rests on people alone, whatever the plan rested on: on *restore* for everything, on *recover* for what recovery lifts. */
async function undoProblem(input: WriteInput, context: AuthorityContext): Promise<string | undefined> {
  const quorum = context.rails.quorumByAction.restore ?? 2;
  const problem = await peopleProblem(input, { context, tier: 'A0', quorum, action: 'restore' });
  if (problem === undefined) return undefined;
  if ((await recoverProblem(input, context)) !== undefined) return problem;
  return liftProblem(input, { ...context, consentedAtMs: await consentedAtMs(input, context) });
}

/** The moment of the revocation counts only when nothing can mint a session after it. */
async function revokeProblem(input: WriteInput, context: AuthorityContext): Promise<string | undefined> {
  const problem = await recoverProblem(input, context);
  if (problem !== undefined || input.reapply !== undefined) return problem;
  return armedProblem(input, { snapshot: context.snapshot, consentedAtMs: await consentedAtMs(input, context) });
}

/** When the first of the people signed; called where their signatures hold. */
async function consentedAtMs({ authority }: WriteInput, context: AuthorityContext): Promise<number> {
  const signed = authority.by === 'people' ? await Promise.all(authority.consents.map((jws) => context.authority.verifyConsent(jws))) : [];
  const times = signed.flatMap((one) => (one.valid && one.consent.action === 'recover' ? [Date.parse(one.consent.decidedAt)] : []));
  return Math.min(...times);
}

/** The call is one that only recovery makes. */
function isRecovery({ call, approvedPlan }: WriteInput): boolean {
  return approvedPlan.recovery.some(({ measure }) => measure === call.measure);
}

function recoverProblem(input: WriteInput, context: AuthorityContext): Promise<string | undefined> {
  return peopleProblem(input, { context, tier: 'A0', quorum: context.rails.quorumByAction.recover ?? 1, action: 'recover' });
}

/** The alerts whose receipts hold; one forged receipt spoils the whole authority. */
async function verifiedAlerts({ authority, principal }: WriteInput, context: AuthorityContext): Promise<Alert[] | string> {
  const alerts = authority.by === 'people' ? authority.alerts : [authority.alert];
  for (const alert of alerts) {
    if (!(await context.authority.verifyReceipt(alert))) return `the receipt of alert ${alert.source} does not hold`;
    if (alert.sample || alert.disposition === 'ignore') return `alert ${alert.source} opens no incident: ${alert.reason}`;
    // What descends from the alert's principal may be in another account of ours; the events of the descent say so.
    if (authority.by !== 'descent' && alert.account !== undefined && alert.account !== principal.account)
      return `alert ${alert.source} is of another account`;
  }
  return alerts;
}

function alertProblem(known: { about: boolean; mode: GuardMode; quorum: number; tier: Tier }): string | undefined {
  if (!known.about) return 'the alert is not about this principal';
  if (known.mode !== 'auto') return `mode ${known.mode} wants a person's signature`;
  return known.quorum > 0 ? `tier ${known.tier} wants ${known.quorum} signature(s)` : undefined;
}

function ruleProblem(
  { authority, principal }: WriteInput,
  { context, mode }: { context: AuthorityContext; mode: GuardMode },
): string | undefined {
  if (authority.by !== 'rule') return 'it is no rule';
  const rule = context.rails.noAnswer.find((row) => row.id === authority.ruleId && row.version === authority.version);
  if (!rule) return `rails.yaml knows no no-answer rule ${authority.ruleId} version ${authority.version}`;
  if (mode !== 'auto') return `mode ${mode} wants a person's signature`;
  const minutes = context.rails.rangeAccounts.includes(principal.account) ? rule.rangeAfterMinutes : rule.afterMinutes;
  const ageMinutes = (Date.parse(context.now()) - Date.parse(authority.alert.receivedAt)) / 60_000;
  return ageMinutes < minutes ? `people still have time to answer: the rule speaks ${minutes} min after receipt` : undefined;
}

/** What people must have signed. */
interface PeopleCheck {
  readonly context: AuthorityContext;
  readonly tier: Tier;
  readonly quorum: number;
  readonly action: ConsentAction;
}

/** Enough different people, each with a signature that holds for this action on this plan. */
async function peopleProblem(input: WriteInput, { context, tier, quorum, action }: PeopleCheck): Promise<string | undefined> {
  if (input.authority.by !== 'people') return 'it wants signatures of people';
  const { principal, approvedPlan } = input;
  const incidentId = input.decidedFor ?? input.incidentId;
  // A recorded write that is put back needs no new consent, so age does not count there (design 9). Taking the revocation
  // off, after the hold, ends what was consented to when it began.
  const goesOn = input.reapply !== undefined || (input.undo !== undefined && input.call.measure === 'revokeSessions');
  const wanted = { incidentId, action, principal, planSha256: approvedPlan.planSha256, tier, quorum };
  return consentsProblem(input.authority.consents, { ...wanted, ...(goesOn ? {} : { nowMs: Date.parse(context.now()) }) }, context);
}
