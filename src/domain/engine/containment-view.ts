import type { ContainmentState, ContainmentView } from '../../contracts/containment.js';
import type { MeasureResult } from '../../contracts/measure.js';
import type { MeasureName, Plan } from '../../contracts/plan.js';
import { MAX_SINGLE_SESSIONS, type Principal } from '../../contracts/principal.js';
import { claimedView } from './views.js';

/** Kept of the effective window's news per revision; the incident's journal has the rest. */
const MAX_NEWS = 20;

/** The state a containment starts from. */
export function newContainmentState(input: {
  containmentId: string;
  principal: Principal;
  incidentId: string;
  ownerWorkflowId: string;
  alerts: ContainmentState['alerts'];
  descent?: ContainmentState['descent'];
}): ContainmentState {
  const { containmentId, principal, incidentId, ownerWorkflowId, alerts, descent } = input;
  return {
    runs: 0,
    view: { ...claimedView(principal), containmentId, revision: 0 },
    incidentId,
    ownerWorkflowId,
    alerts,
    ...(descent === undefined ? {} : { descent }),
    results: [],
    restored: [],
    orders: [],
    checks: 0,
    phase: 'plan',
  };
}

/** The short form of a plan for views. */
export function summarizePlan(plan: Plan): NonNullable<ContainmentView['plan']> {
  return {
    planSha256: plan.planSha256,
    tier: plan.tier,
    quorum: plan.quorum,
    measures: plan.measures.map(({ measure, target }) => ({ measure, target })),
    doesNotStop: plan.doesNotStop,
    refusals: plan.refusals,
    legitimateUseLast24h: plan.blastRadius.legitimateUseLast24h,
  };
}

/** The exact AWS CLI command of a planned call, for people who act by hand. */
export function cliCommand(call: { api: string; params: Readonly<Record<string, unknown>> }): string {
  const [service = 'iam', operation = ''] = call.api.split(':');
  const options = Object.entries(call.params).map(
    ([name, value]) => `--${kebab(name)} ${quote(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  return `aws ${service} ${kebab(operation)} ${options.join(' ')}`;
}

/** What a person looks at before saying yes: measures, tier, who else is hurt, what it does not stop. */
export function planLines(plan: Plan): string[] {
  const { blastRadius } = plan;
  const callers = blastRadius.callers.map(
    (caller) => `used by ${caller.sourceIp} (${caller.userAgent}), ${caller.calls} calls, last ${caller.lastSeenAt}`,
  );
  return [
    `tier ${plan.tier}: ${plan.tierReasons.join('; ')}`,
    ...plan.measures.flatMap((measure) => measure.calls.map(cliCommand)),
    blastRadius.legitimateUseLast24h
      ? 'a workload used this principal in the last 24 h: it will stop too'
      : 'no known workload used this principal in the last 24 h',
    ...callers.slice(0, 5),
    ...plan.guidance.flatMap(({ title, why, commands }) => [`${title}, because ${why}`, ...commands]),
    ...plan.doesNotStop.map((line) => `does not stop: ${line}`),
  ];
}

/** `measure target` of what is ours in AWS now. */
export function inForceOf(results: readonly MeasureResult[], restored: readonly MeasureResult[]): string[] {
  const back = new Set(restored.map(keyOf));
  return results.filter((result) => !back.has(keyOf(result))).map(keyOf);
}

/** Credentials are switched off; everything else denies. Recovery lifts the denies and leaves the credentials off. */
export function isCredential(measure: MeasureName): boolean {
  return measure.startsWith('deactivate') || measure === 'deleteLoginProfile' || measure === 'deleteRootCredentials';
}

/** Known sessions of a role, new ones added; bounded as the principal is: one too many stays, so that the whole role is stopped. */
export function distinctSessions(known: readonly string[] = [], more: readonly string[]): string[] {
  return [...new Set([...known, ...more])].slice(0, MAX_SINGLE_SESSIONS + 1);
}

/** Names one measure on one target. */
export function keyOf({ measure, target }: Pick<MeasureResult, 'measure' | 'target'>): string {
  return `${measure} ${target}`;
}

/** News for the incident's journal, newest kept when there are too many. */
export function withNews(view: ContainmentView, lines: readonly string[]): ContainmentView {
  return { ...view, news: [...view.news, ...lines].slice(-MAX_NEWS) };
}

function kebab(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}

/** A word of a command line, quoted where a shell would take it apart. */
export function quote(value: string): string {
  return /^[\w+=,.@:/-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
