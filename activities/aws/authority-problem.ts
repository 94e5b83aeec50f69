import type { Alert } from '../../src/contracts/alert.js';
import type { ConsentAction, ConsentWanted } from '../../src/contracts/authority.js';
import type { GuardMode, GuardState } from '../../src/contracts/guard.js';
import type { WriteInput } from '../../src/contracts/measure.js';
import type { People, Rails } from '../../src/contracts/policies.js';
import type { Tier } from '../../src/contracts/primitives.js';
import { blastRadiusOf } from '../../src/domain/planning/blast-radius.js';
import { consentProblem } from '../../src/domain/planning/consents.js';
import { signersNeeded } from '../../src/domain/planning/gate.js';
import { tierFor } from '../../src/domain/planning/tier.js';
import type { UserSnapshot } from '../../src/domain/planning/user-snapshot.js';
import { ownersOf } from '../../src/domain/principals/owners.js';
import type { Authority } from '../../src/ports/authority.js';
import type { RecentCallers } from './recent-callers.js';

/** What the check of an authority reads. `guard` is `undefined` for undo and when it cannot be reached. */
export interface AuthorityContext {
  /** The user as it is now. */
  readonly snapshot: UserSnapshot;
  readonly recentCallers: RecentCallers;
  readonly authority: Authority;
  readonly people: () => Promise<People>;
  readonly rails: Rails;
  readonly guard: GuardState | undefined;
  readonly now: () => string;
}

/** Why the authority of a write does not hold, or `undefined` when it does. */
export async function authorityProblem(input: WriteInput, context: AuthorityContext): Promise<string | undefined> {
  if (input.undo) return restoreProblem(input, context);
  const alerts = await verifiedAlerts(input, context);
  if (typeof alerts === 'string') return alerts;
  const { snapshot } = context;
  const aboutThis = alerts.filter((alert) => isAbout(alert, { input, snapshot }));
  const recent = await context.recentCallers(input.principal);
  const blastRadius = blastRadiusOf({ snapshot, recent, alerts: aboutThis, nowMs: Date.parse(context.now()) });
  const { tier, quorum } = tierFor({ snapshot, blastRadius, alerts: aboutThis, rails: context.rails });
  const { guard, rails } = context;
  const mode = guard?.modes[input.principal.account] ?? 'observe';
  const needed = signersNeeded(quorum, { mode: guard && mode, rails });

  switch (input.authority.by) {
    case 'alert':
      return alertProblem({ about: aboutThis.length > 0, mode, quorum, tier });
    case 'rule':
      return aboutThis.length === 0 ? 'the alert is not about this principal' : ruleProblem(input, { context, mode });
    case 'people':
      return peopleProblem(input, { context, tier, quorum: needed, action: 'contain' });
  }
}

/** Undo rests on people alone, whatever the plan rested on. */
function restoreProblem(input: WriteInput, context: AuthorityContext): Promise<string | undefined> {
  const quorum = context.rails.quorumByAction.restore ?? 2;
  return peopleProblem(input, { context, tier: 'A0', quorum, action: 'restore' });
}

/** The alerts whose receipts hold; one forged receipt spoils the whole authority. */
async function verifiedAlerts({ authority, principal }: WriteInput, context: AuthorityContext): Promise<Alert[] | string> {
  const alerts = authority.by === 'people' ? authority.alerts : [authority.alert];
  for (const alert of alerts) {
    if (!(await context.authority.verifyReceipt(alert))) return `the receipt of alert ${alert.source} does not hold`;
    if (alert.sample || alert.disposition === 'ignore') return `alert ${alert.source} opens no incident: ${alert.reason}`;
    if (alert.account !== undefined && alert.account !== principal.account) return `alert ${alert.source} is of another account`;
  }
  return alerts;
}

function isAbout(alert: Alert, { input, snapshot }: { input: WriteInput; snapshot: UserSnapshot }): boolean {
  const { accessKeyId, userName, principalId } = alert.hints;
  if (accessKeyId?.startsWith('AKIA')) return snapshot.keys.some((key) => key.accessKeyId === accessKeyId);
  return principalId === input.principal.uniqueId || userName === input.principal.name;
}

function alertProblem(known: { about: boolean; mode: GuardMode; quorum: number; tier: Tier }): string | undefined {
  if (!known.about) return 'the alert is not about this principal';
  if (known.mode !== 'auto') return `mode ${known.mode} wants a person's signature`;
  return known.quorum > 0 ? `tier ${known.tier} wants ${known.quorum} signature(s)` : undefined;
}

function ruleProblem(
  { authority, approvedPlan, principal }: WriteInput,
  { context, mode }: { context: AuthorityContext; mode: GuardMode },
): string | undefined {
  if (authority.by !== 'rule') return 'it is no rule';
  const rule = context.rails.noAnswer.find((row) => row.id === authority.ruleId && row.version === authority.version);
  if (!rule) return `rails.yaml knows no no-answer rule ${authority.ruleId} version ${authority.version}`;
  if (mode !== 'auto') return `mode ${mode} wants a person's signature`;
  if (approvedPlan.measures.some((measure) => measure.reversible !== 'exact')) return 'the rule covers exactly reversible measures only';
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
  const { people } = await context.people();
  const { principal, approvedPlan, incidentId } = input;
  // Owners are looked up afresh: a made-up principal may name none.
  const owners = ownersOf({ name: principal.name, ownerTag: context.snapshot.tags[context.rails.tags.owner] }, people);
  const wanted: ConsentWanted = {
    incidentId,
    action,
    principalUniqueId: principal.uniqueId,
    planSha256: approvedPlan.planSha256,
    tier,
    ownerSubjects: [...principal.ownerSubjects, ...owners],
  };
  const subjects = new Set<string>();
  const problems: string[] = [];
  for (const jws of input.authority.consents) {
    const checked = await context.authority.verifyConsent(jws);
    // A recorded write that is put back needs no new consent, so age does not count there (design 9).
    const time = input.reapply ? {} : { nowMs: Date.parse(context.now()) };
    const problem = checked.valid ? consentProblem(checked.consent, { wanted, people, rails: context.rails, ...time }) : checked.reason;
    if (problem === undefined && checked.valid && checked.consent.decision === 'approve') subjects.add(checked.consent.subject);
    else problems.push(problem ?? 'it is a rejection');
  }
  if (subjects.size >= quorum) return undefined;
  return `${subjects.size} of ${quorum} consent(s) hold for ${action}${problems.length > 0 ? ` (${problems.join('; ')})` : ''}`;
}
