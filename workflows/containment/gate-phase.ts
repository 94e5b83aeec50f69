import type { ContainmentNeed, ContainmentOrder } from '../../src/contracts/containment.js';
import type { GateInput, GateResult } from '../../src/contracts/guard.js';
import type { Plan } from '../../src/contracts/plan.js';
import { keyOf, planLines } from '../../src/domain/engine/containment-view.js';
import { read } from '../runtime/activities.js';
import { takeLineage } from './lineage.js';
import { letGo } from './let-go.js';
import { beginRecovery } from './recover-phase.js';
import { type ContainmentRun, takeAuthority } from './run.js';
import { nextOrderWatching } from './watch-phase.js';

/** While the guard is stopped it tells us on `go`; this is for the case that the message got lost. */
const ASK_AGAIN_MS = 60_000;
const NO_API = 'no API of AWS stops it safely: only a person can';

/**
 * Stands between plan and write: waits for the verdict's authority, asks the guard, and turns its answer into
 * a write, a consent, a task by hand, or a hold.
 */
export async function gatePhase(run: ContainmentRun): Promise<void> {
  const { state } = run;
  const plan = state.plan;
  if (!plan) throw new Error('the gate was reached without a plan');
  dropOldConsents(run);
  restOnFacts(run, plan);
  if (!state.authority) return waitForVerdict(run);
  if (plan.refusals.length > 0) return handOver(run, { plan, reason: plan.refusals.join('; '), mayAct: false, quorum: 1 });

  if (plan.measures.length === 0) return handOver(run, { plan, reason: NO_API, mayAct: false, quorum: 1 });

  const asked = await read.askGuard.executeWithOptions({ summary: 'ask the guard: mode, stop, limits' }, [gateInput(run, plan)]);
  const gate =
    asked.decision === 'go'
      ? await read.reserveContainment.executeWithOptions({ summary: 'reserve a place at the guard' }, [gateInput(run, plan)])
      : asked;
  switch (gate.decision) {
    case 'go':
      state.phase = 'apply';
      return;
    case 'consent':
      return askConsent(run, { plan, gate });
    case 'byHand':
      return handOver(run, { plan, reason: gate.reason, mayAct: true, quorum: gate.quorum });
    case 'hold':
      return hold(run, gate);
  }
}

/** Says so once, however often the guard is asked again. */
async function hold(run: ContainmentRun, { reason }: GateResult): Promise<void> {
  const headline = `held, ${nothingWritten(run)}: ${reason}; not proven`;
  if (run.state.view.headline !== headline) await run.change({ headline, needs: [] }, reason);
  await takeAtGate(run, await nextOrderWatching(run, { ms: ASK_AGAIN_MS, summary: `held: ${reason}`.slice(0, 200) }));
}

/** Consents that ran out count as none; the alerts they were given for still speak. */
function dropOldConsents({ state, waits }: ContainmentRun): void {
  const { authority, authorityAt } = state;
  if (authority?.by !== 'people' || authorityAt === undefined) return;
  const old = Date.now() - Date.parse(authorityAt) > waits.consentValidMinutes * 60_000;
  if (old) state.authority = { ...authority, consents: [] };
}

function gateInput({ state }: ContainmentRun, plan: Plan): GateInput {
  const { authority } = state;
  return {
    containmentId: state.view.containmentId,
    incidentId: state.incidentId,
    account: plan.principal.account,
    tier: plan.tier,
    quorum: plan.quorum,
    consents: authority?.by === 'people' && isSigned(state, plan) ? authority.consents.length : 0,
    byPeople: authority?.by === 'people',
    byRule: authority?.by === 'rule',
    ...(authority?.by === 'descent' ? { byDescent: true } : {}),
  };
}

/** People signed an older plan and this one needs nobody: it rests on the alert, or on the events that show whose the principal is. */
function restOnFacts(run: ContainmentRun, plan: Plan): void {
  const { authority, alerts, descent } = run.state;
  const [alert] = alerts;
  if (authority?.by !== 'people' || alert === undefined || plan.quorum > 0 || isSigned(run.state, plan)) return;
  takeAuthority(run, descent === undefined ? { by: 'alert', alert } : { by: 'descent', alert, edges: descent });
}

/** Consents for an older plan let nothing new be written: the writer would refuse it, again and again. */
function isSigned({ signedPlan, results }: ContainmentRun['state'], plan: Plan): boolean {
  if (signedPlan === undefined || signedPlan.planSha256 === plan.planSha256) return true;
  const done = new Set(results.map(keyOf));
  return plan.measures.every((call) => done.has(keyOf(call)));
}

async function waitForVerdict(run: ContainmentRun): Promise<void> {
  await takeAtGate(run, await run.nextOrder());
}

async function askConsent(run: ContainmentRun, { plan, gate }: { plan: Plan; gate: GateResult }): Promise<void> {
  const need = consentNeed(run, { plan, quorum: gate.quorum });
  const people = gate.quorum === 1 ? 'one person' : `${gate.quorum} people`;
  await run.change({ state: 'needsConsent', headline: `waits for the consent of ${people} (${gate.reason}); not proven`, needs: [need] });
  const order = await nextOrderWatching(run, {
    ms: run.waits.consentValidMinutes * 60_000,
    summary: `plan of ${plan.principal.name} is read again when nobody consents`,
  });
  // An old plan is not worth a signature: read again, ask again.
  if (order === undefined && isOver(need)) planAgain(run);
  else await takeAtGate(run, order);
}

/** Observe mode, or a rail: the exact calls go to a person, and the watch proves what the person did. */
async function handOver(
  run: ContainmentRun,
  { plan, reason, mayAct, quorum }: { plan: Plan; reason: string; mayAct: boolean; quorum: number },
): Promise<void> {
  const consent = consentNeed(run, { plan, quorum }).consent;
  const need: ContainmentNeed = {
    needId: `byHand-${plan.planSha256.slice(0, 8)}`,
    kind: 'byHand',
    title: handTitle(plan, mayAct),
    lookAt: [reason, ...planLines(plan)],
    choices: mayAct ? ['done', 'actNow'] : ['done'],
    ...(mayAct && consent ? { consent } : {}),
  };
  await run.change({
    state: 'handedToPerson',
    headline: `handed to a person, ${nothingWritten(run)}: ${reason}; not proven`,
    needs: [need],
  });
  // The signature asked for has an expiry: the request is renewed before it passes.
  const ms = run.waits.consentValidMinutes * 60_000;
  await takeAtGate(run, await nextOrderWatching(run, { ms, summary: `request about ${plan.principal.name} is renewed` }));
}

function handTitle({ principal: { name }, refusals }: Plan, mayAct: boolean): string {
  if (mayAct) return `Contain ${name} by hand, or sign for Tourniquet to act`;
  return refusals.length > 0 ? `Decide about ${name}: a rail forbids Tourniquet to act` : `Contain ${name} by hand: no API of AWS can`;
}

/** After a refused write some measures are in force already; that must not read as if none were. */
function nothingWritten({ state }: ContainmentRun): string {
  return state.results.length > 0 ? 'nothing more is written' : 'nothing is written';
}

function isOver({ consent }: ContainmentNeed): boolean {
  return consent === undefined || Date.parse(consent.expiresAt) <= Date.now();
}

/** The request that is open already when it asks for the same: a repeated alert must not close a task under a signer's hand. */
function consentNeed({ state, waits }: ContainmentRun, { plan, quorum }: { plan: Plan; quorum: number }): ContainmentNeed {
  const open = state.view.needs.find(
    ({ kind, consent }) =>
      kind === 'consent' &&
      consent?.planSha256 === plan.planSha256 &&
      consent.tier === plan.tier &&
      consent.quorum === quorum &&
      Date.parse(consent.expiresAt) > Date.now(),
  );
  if (open) return { ...open, lookAt: planLines(plan) };
  return {
    needId: `contain-${plan.planSha256.slice(0, 8)}-${plan.tier}-${quorum}-${plan.plannedAt}`,
    kind: 'consent',
    title: `Consent to contain ${state.view.principal.name}`,
    lookAt: planLines(plan),
    choices: ['approve', 'reject'],
    consent: {
      action: 'contain',
      tier: plan.tier,
      quorum,
      planSha256: plan.planSha256,
      expiresAt: new Date(Date.now() + waits.consentValidMinutes * 60_000).toISOString(),
    },
  };
}

/** Takes one order while nothing is being written; what has no meaning here is passed over. */
export async function takeAtGate(run: ContainmentRun, order: ContainmentOrder | undefined): Promise<void> {
  const { state } = run;
  switch (order?.order) {
    case undefined:
    case 'guardGo':
    case 'adopt':
    case 'keepConflict':
      return;
    case 'lineage':
      return takeLineage(run, order);
    case 'proceed':
      takeAuthority(run, order.authority);
      return;
    case 'retry':
    case 'newFacts':
      return planAgain(run);
    case 'handDone':
      return byHandDone(run, order.subject);
    case 'release':
      return letGo(run, order);
    case 'recover':
      if (state.results.length === 0) return letGo(run, { reason: 'recovered; nothing had been written' });
      return beginRecovery(run, order);
    case 'restore':
      if (state.results.length === 0) return letGo(run, { reason: 'false positive; nothing had been written' });
      takeAuthority(run, { by: 'people', consents: order.consents, alerts: [] });
      state.phase = 'restore';
      return;
  }
}

function planAgain({ state }: ContainmentRun): void {
  state.phase = 'plan';
}

/** A person made the calls: from now on the watch reads, and proves it or says what is missing. */
async function byHandDone(run: ContainmentRun, subject: string): Promise<void> {
  const { state } = run;
  state.firstDenyAt = new Date().toISOString();
  state.phase = 'watch';
  await run.change(
    { byHand: true, needs: [], headline: `done by hand by ${subject}: the watch checks it; not proven` },
    `${subject} says the calls were made by hand`,
  );
}
