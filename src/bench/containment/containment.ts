import { watchRounds } from '../../../activities/aws/watch/watch-rounds.js';
import type { Alert } from '../../contracts/alert.js';
import type { Authority, DescentEdge } from '../../contracts/authority.js';
import type { MeasureResult } from '../../contracts/measure.js';
import type { MeasureCall, Plan } from '../../contracts/plan.js';
import { containmentIdFor, type Principal } from '../../contracts/principal.js';
import type { Descendant, LookupResult, WatchResult } from '../../contracts/watch.js';
import { distinctSessions, isCredential, keyOf } from '../../domain/engine/containment-view.js';
import { strongestAlert } from '../../domain/engine/alert-ledger.js';
import { nextCheckMs } from '../../domain/engine/next-check.js';
import { isFought, sessionsJudged } from '../../domain/engine/descent.js';
import type { Crew } from './crew.js';
import { INCIDENT_ID } from './incident.js';
import { signAll } from './people.js';
import type { VirtualStage } from './virtual-stage.js';

/** What is claimed of one principal. */
export interface Claim {
  readonly at: number;
  readonly effectiveFromMs: number;
}

/** One principal's containment: the product's planner, measures, watch and judgement, in the order the workflow calls them. */
export interface Containment {
  readonly principal: Principal;
  readonly run: () => Promise<void>;
  /** Another alert about the same principal: it may need less consent now. */
  readonly addAlert: (alert: Alert) => void;
  readonly addSession: (session: string | undefined) => void;
  /** Better proof of whose it is. */
  readonly setDescent: (edges: readonly DescentEdge[]) => void;
  readonly plan: () => Plan | undefined;
  readonly appliedAt: () => number | undefined;
  readonly effectiveFromAt: () => number | undefined;
  /** Standing now. */
  readonly proven: () => Claim | undefined;
  /** What proof still misses. */
  readonly openQuestion: () => string;
  readonly claims: readonly Claim[];
  readonly refused: readonly string[];
}

interface Deps {
  readonly crew: Crew;
  readonly principal: Principal;
  readonly alert: Alert;
  readonly edges: readonly DescentEdge[];
  readonly onDescendant: (parent: Principal, found: Descendant) => Promise<void>;
}

/** Makes a containment that has not begun. */
export function createContainment(stage: VirtualStage, { crew, onDescendant, ...deps }: Deps): Containment {
  let { principal, edges } = deps;
  const alerts = [deps.alert];
  let plan: Plan | undefined;
  let escalated = false;
  let stale = false;
  let appliedAt: number | undefined;
  let effectiveFromAt: number | undefined;
  let proven: Claim | undefined;
  const results: MeasureResult[] = [];
  let openQuestion = 'never looked at';
  const claims: Claim[] = [];
  const refused: string[] = [];
  const growth: string[] = [];
  const { clock } = stage;
  const containmentId = containmentIdFor(principal.lockId);

  async function makePlan(): Promise<Plan> {
    const descent = edges.length === 0 ? {} : { descent: [...edges] };
    const made = await stage.plan({ incidentId: INCIDENT_ID, principal, alerts, ...descent, ...(escalated ? { escalated } : {}) });
    plan = { ...made, before: [...(plan?.before ?? []), ...made.before] };
    return plan;
  }

  /** People answer in time where the tier asks for them; else the alert, or the events of the descent, are enough. */
  async function allow(made: Plan): Promise<Authority | undefined> {
    const heard = { alerts: alerts.length, edges };
    for (let waited = 0; made.quorum > 0 && waited < PEOPLE_ANSWER_MS; waited += LISTEN_MS) {
      await crew.sleep(LISTEN_MS);
      if (alerts.length > heard.alerts || edges !== heard.edges) return undefined;
    }
    if (made.quorum > 0) return signAll(stage.authority, made, { alerts, incidentId: INCIDENT_ID, nowMs: clock.now() });
    const alert = strongestAlert(alerts) ?? deps.alert;
    return edges.length === 0 ? { by: 'alert', alert } : { by: 'descent', alert, edges: [...edges] };
  }

  async function write(made: Plan, call: MeasureCall, by: Authority): Promise<void> {
    const input = { incidentId: INCIDENT_ID, containmentId, principal: made.principal, call, approvedPlan: made, authority: by };
    for (let attempt = 1; ; attempt += 1) {
      try {
        results.push(await stage.measures[call.measure].apply(input));
        return;
      } catch (error) {
        const text = error instanceof Error ? `${call.measure}: ${error.message}` : String(error);
        if (attempt >= WRITE_ATTEMPTS) return void refused.push(text);
        await crew.sleep(RETRY_MS * attempt);
      }
    }
  }

  async function apply(made: Plan, by: Authority): Promise<void> {
    const done = new Set(results.map(keyOf));
    const open = made.measures.filter((call) => !done.has(keyOf(call)) && (by.by === 'people' || call.reversible === 'exact'));
    await Promise.all(open.map((call) => write(made, call, by)));
    appliedAt ??= clock.now();
  }

  async function look(made: Plan, by: Authority): Promise<{ watched: WatchResult; found: LookupResult | undefined }> {
    const firstDenyAt = firstDenyOf(results);
    const done = new Set(results.map(keyOf));
    const watched = await watchRounds(
      {
        incidentId: INCIDENT_ID,
        containmentId,
        principal: made.principal,
        approvedPlan: made,
        authority: by,
        results,
        watched: made.measures.filter((call) => done.has(keyOf(call))).map(({ measure, target }) => ({ measure, target })),
        firstDenyAt,
        waits: stage.waits,
        rounds: proven === undefined ? 'early' : 'once',
        readOnly: false,
        knownGrowth: [...growth],
      },
      {
        deps: { access: stage.access, measures: stage.measures, evidence: stage.evidence, nowMs: clock.now },
        pace: { sleep: crew.sleep, beat: () => undefined, cancelled: crew.stopped },
        progress: { rounds: 0, drifts: [], growth: [], agreedSinceMs: 0 },
      },
    );
    growth.push(...watched.growth.map(({ arn }) => arn));
    const sessions = sessionsJudged(made);
    const found = await stage.lookup({
      incidentId: INCIDENT_ID,
      principal: made.principal,
      accessKeyIds: made.measures.filter(({ measure }) => measure === 'deactivateAccessKey').map(({ target }) => target),
      issuedKeyIds: [],
      firstDenyAt,
      effectiveFromAt: new Date(effectiveFromAt ?? Date.parse(firstDenyAt)).toISOString(),
      configuration: watched.configuration,
      waits: stage.waits,
      callers: made.blastRadius.callers,
      ...(sessions === undefined ? {} : { sessions }),
      ...(made.suspiciousSinceAt === undefined ? {} : { suspiciousSinceAt: made.suspiciousSinceAt }),
    });
    return { watched, found };
  }

  function judge(found: LookupResult | undefined): void {
    if (found === undefined) return;
    effectiveFromAt = Date.parse(found.effectiveFromAt);
    openQuestion = JSON.stringify(found.proof);
    if (found.proof.state !== 'proven') return void (proven = undefined);
    if (proven?.effectiveFromMs === effectiveFromAt) return;
    proven = { at: clock.now(), effectiveFromMs: effectiveFromAt };
    claims.push(proven);
  }

  async function run(): Promise<void> {
    while (!crew.stopped()) {
      stale = false;
      const made = await makePlan();
      if (made.refusals.length > 0) return void refused.push(...made.refusals);
      if (made.measures.length === 0) return void refused.push('no measure: handed to a person');
      const by = await allow(made);
      if (by === undefined) continue;
      await apply(made, by);
      if (results.length === 0) return void refused.push('every write was refused');
      await watchOn(made, by);
    }
  }

  /** Until the next look, or until there is news. */
  async function rest(ms: number): Promise<void> {
    for (let waited = 0; waited < ms && !stale; waited += LISTEN_MS) await crew.sleep(Math.min(LISTEN_MS, ms - waited));
  }

  async function watchOn(made: Plan, by: Authority): Promise<void> {
    while (!crew.stopped() && !stale) {
      const { watched, found } = await look(made, by);
      if (watched.ended === 'gone') return crew.sleep(GONE_MS);
      judge(found);
      const descendants = found?.descendants ?? [];
      for (const one of descendants) await onDescendant(made.principal, one);
      const firstDenyAt = firstDenyOf(results);
      if (!escalated && isFought(made, { drifts: watched.drifts, descendants, firstDenyAt })) {
        escalated = true;
        return;
      }
      const seen = { sinceMs: clock.now() - Date.parse(firstDenyAt), found, drifts: watched.drifts, isProven: proven !== undefined };
      await rest(nextCheckMs(stage.waits, { ...seen, unexplained: growth.length > descendants.length }));
    }
  }

  return {
    get principal() {
      return principal;
    },
    run,
    addAlert: (alert) => void alerts.push(alert),
    setDescent: (better) => {
      edges = better;
    },
    addSession: (session) => {
      if (session === undefined || principal.sessions?.includes(session) === true) return;
      principal = { ...principal, sessions: distinctSessions(principal.sessions, [session]) };
      stale = plan?.measures.some(({ measure }) => measure === 'denySession') === true;
    },
    plan: () => plan,
    appliedAt: () => appliedAt,
    effectiveFromAt: () => effectiveFromAt,
    proven: () => proven,
    openQuestion: () => openQuestion,
    claims,
    refused,
  };
}

/** What is gone stays gone: the run ends sooner. */
const GONE_MS = 3_600_000;
/** How long people take to sign where they are asked. */
const PEOPLE_ANSWER_MS = 15_000;
/** News may change what is asked for meanwhile. */
const LISTEN_MS = 500;
const WRITE_ATTEMPTS = 4;
const RETRY_MS = 500;

/** The first accepted deny; where AWS refused every deny, the first accepted call. */
function firstDenyOf(results: readonly MeasureResult[]): string {
  const denies = results.filter((result) => !isCredential(result.measure));
  return (denies.length > 0 ? denies : results).map(({ at }) => at).toSorted()[0] ?? '';
}
