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
import { INCIDENT_ID } from './incident-id.js';
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
  run(): Promise<void>;
  /** Another alert about the same principal: it may need less consent now. */
  addAlert(alert: Alert): void;
  addSession(session: string | undefined): void;
  /** Better proof of whose it is. */
  setDescent(edges: readonly DescentEdge[]): void;
  plan(): Plan | undefined;
  appliedAt(): number | undefined;
  effectiveFromAt(): number | undefined;
  /** Standing now. */
  proven(): Claim | undefined;
  /** What proof still misses. */
  openQuestion(): string;
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
export function createContainment(stage: VirtualStage, deps: Deps): Containment {
  return new Contained(stage, deps);
}

class Contained implements Containment {
  readonly claims: Claim[] = [];
  readonly refused: string[] = [];
  principal: Principal;
  private edges: readonly DescentEdge[];
  private readonly alerts: Alert[];
  private readonly crew: Crew;
  private readonly containmentId: string;
  private readonly results: MeasureResult[] = [];
  private readonly growth: string[] = [];
  private current: Plan | undefined;
  private escalated = false;
  private stale = false;
  private wroteAt: number | undefined;
  private effectiveMs: number | undefined;
  private standing: Claim | undefined;
  private question = 'never looked at';

  constructor(
    private readonly stage: VirtualStage,
    private readonly deps: Deps,
  ) {
    this.principal = deps.principal;
    this.edges = deps.edges;
    this.alerts = [deps.alert];
    this.crew = deps.crew;
    this.containmentId = containmentIdFor(deps.principal.lockId);
  }

  plan(): Plan | undefined {
    return this.current;
  }

  appliedAt(): number | undefined {
    return this.wroteAt;
  }

  effectiveFromAt(): number | undefined {
    return this.effectiveMs;
  }

  proven(): Claim | undefined {
    return this.standing;
  }

  openQuestion(): string {
    return this.question;
  }

  addAlert(alert: Alert): void {
    this.alerts.push(alert);
  }

  setDescent(edges: readonly DescentEdge[]): void {
    this.edges = edges;
  }

  addSession(session: string | undefined): void {
    const { principal } = this;
    if (session === undefined || principal.sessions?.includes(session) === true) return;
    this.principal = { ...principal, sessions: distinctSessions(principal.sessions, [session]) };
    this.stale = this.current !== undefined && sessionsJudged(this.current) !== undefined;
  }

  private async makePlan(): Promise<Plan> {
    const { edges, principal, alerts, escalated } = this;
    const descent = edges.length === 0 ? {} : { descent: [...edges] };
    const made = await this.stage.plan({ incidentId: INCIDENT_ID, principal, alerts, ...descent, ...(escalated ? { escalated } : {}) });
    this.current = { ...made, before: [...(this.current?.before ?? []), ...made.before] };
    return this.current;
  }

  /** People answer in time where the tier asks for them; else the alert, or the events of the descent, are enough. */
  private async allow(made: Plan): Promise<Authority | undefined> {
    const { alerts, stage } = this;
    const heard = { alerts: alerts.length, edges: this.edges };
    for (let waited = 0; made.quorum > 0 && waited < PEOPLE_ANSWER_MS; waited += LISTEN_MS) {
      await this.crew.sleep(LISTEN_MS);
      if (alerts.length > heard.alerts || this.edges !== heard.edges) return undefined;
    }
    if (made.quorum > 0) return signAll(stage.authority, made, { alerts, incidentId: INCIDENT_ID, nowMs: stage.clock.now() });
    const alert = strongestAlert(alerts) ?? this.deps.alert;
    return this.edges.length === 0 ? { by: 'alert', alert } : { by: 'descent', alert, edges: [...this.edges] };
  }

  private async write(made: Plan, call: MeasureCall, by: Authority): Promise<void> {
    const { containmentId } = this;
    const input = { incidentId: INCIDENT_ID, containmentId, principal: made.principal, call, approvedPlan: made, authority: by };
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.results.push(await this.stage.measures[call.measure].apply(input));
        return;
      } catch (error) {
        const text = error instanceof Error ? `${call.measure}: ${error.message}` : String(error);
        if (attempt >= WRITE_ATTEMPTS) return void this.refused.push(text);
        await this.crew.sleep(RETRY_MS * attempt);
      }
    }
  }

  private async apply(made: Plan, by: Authority): Promise<void> {
    const done = new Set(this.results.map(keyOf));
    const open = made.measures.filter((call) => !done.has(keyOf(call)) && (by.by === 'people' || call.reversible === 'exact'));
    await Promise.all(open.map((call) => this.write(made, call, by)));
    this.wroteAt ??= this.stage.clock.now();
  }

  private async look(made: Plan, by: Authority): Promise<{ watched: WatchResult; found: LookupResult }> {
    const watched = await this.watch(made, by);
    this.growth.push(...watched.growth.map(({ arn }) => arn));
    const { stage } = this;
    const firstDenyAt = firstDenyOf(this.results);
    const sessions = sessionsJudged(made);
    const found = await stage.lookup({
      incidentId: INCIDENT_ID,
      principal: made.principal,
      accessKeyIds: made.measures.filter(({ measure }) => measure === 'deactivateAccessKey').map(({ target }) => target),
      issuedKeyIds: [],
      firstDenyAt,
      effectiveFromAt: new Date(this.effectiveMs ?? Date.parse(firstDenyAt)).toISOString(),
      configuration: watched.configuration,
      waits: stage.waits,
      callers: made.blastRadius.callers,
      ...(sessions === undefined ? {} : { sessions }),
      ...(made.suspiciousSinceAt === undefined ? {} : { suspiciousSinceAt: made.suspiciousSinceAt }),
    });
    return { watched, found };
  }

  private watch(made: Plan, by: Authority): Promise<WatchResult> {
    const { stage, crew, results, containmentId } = this;
    const done = new Set(results.map(keyOf));
    return watchRounds(
      {
        incidentId: INCIDENT_ID,
        containmentId,
        principal: made.principal,
        approvedPlan: made,
        authority: by,
        results,
        watched: made.measures.filter((call) => done.has(keyOf(call))).map(({ measure, target }) => ({ measure, target })),
        firstDenyAt: firstDenyOf(results),
        waits: stage.waits,
        rounds: this.standing === undefined ? 'early' : 'once',
        readOnly: false,
        knownGrowth: [...this.growth],
      },
      {
        deps: { access: stage.access, measures: stage.measures, evidence: stage.evidence, nowMs: stage.clock.now },
        pace: { sleep: crew.sleep, beat: () => undefined, cancelled: crew.stopped },
        progress: { rounds: 0, drifts: [], growth: [], agreedSinceMs: 0 },
      },
    );
  }

  private judge(found: LookupResult): void {
    this.effectiveMs = Date.parse(found.effectiveFromAt);
    this.question = JSON.stringify(found.proof);
    if (found.proof.state !== 'proven') return void (this.standing = undefined);
    if (this.standing?.effectiveFromMs === this.effectiveMs) return;
    this.standing = { at: this.stage.clock.now(), effectiveFromMs: this.effectiveMs };
    this.claims.push(this.standing);
  }

  async run(): Promise<void> {
    const { crew, refused } = this;
    while (!crew.stopped()) {
      this.stale = false;
      const made = await this.makePlan();
      if (made.refusals.length > 0) return void refused.push(...made.refusals);
      if (made.measures.length === 0) return void refused.push('no measure: handed to a person');
      const by = await this.allow(made);
      if (by === undefined) continue;
      await this.apply(made, by);
      if (this.results.length === 0) return void refused.push('every write was refused');
      await this.watchOn(made, by);
    }
  }

  /** Until the next look, or until there is news. */
  private async rest(ms: number): Promise<void> {
    for (let waited = 0; waited < ms && !this.stale; waited += LISTEN_MS) await this.crew.sleep(Math.min(LISTEN_MS, ms - waited));
  }

  private async watchOn(made: Plan, by: Authority): Promise<void> {
    const { crew, stage, results, growth } = this;
    while (!crew.stopped() && !this.stale) {
      const { watched, found } = await this.look(made, by);
      if (watched.ended === 'gone') return crew.sleep(GONE_MS);
      this.judge(found);
      const { descendants } = found;
      for (const one of descendants) await this.deps.onDescendant(made.principal, one);
      const firstDenyAt = firstDenyOf(results);
      if (!this.escalated && isFought(made, { drifts: watched.drifts, descendants, firstDenyAt })) {
        this.escalated = true;
        return;
      }
      const sinceMs = stage.clock.now() - Date.parse(firstDenyAt);
      const seen = { sinceMs, found, drifts: watched.drifts, isProven: this.standing !== undefined };
      await this.rest(nextCheckMs(stage.waits, { ...seen, unexplained: growth.length > descendants.length }));
    }
  }
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
