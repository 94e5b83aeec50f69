import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthorizeWrite } from '../../../activities/aws/authorize-write.js';
import type { AwsAccess } from '../../../activities/aws/aws-access.js';
import { createDescentProblem } from '../../../activities/aws/descent-problem.js';
import { createMeasures } from '../../../activities/aws/measures/index.js';
import { createOwnIdentity } from '../../../activities/aws/own-identity.js';
import { createPlanContainment } from '../../../activities/aws/plan-containment.js';
import { createRecentCallers } from '../../../activities/aws/recent-callers.js';
import { createResolvePrincipal } from '../../../activities/aws/resolve-principal.js';
import { createResolvePrincipalArn } from '../../../activities/aws/resolve-principal-arn.js';
import { createWriteQuarantineScp, readQuarantineScps } from '../../../activities/aws/write-quarantine-scp.js';
import { createLookupPrincipalEvents } from '../../../activities/investigate/lookup-principal-events.js';
import { createLocalAuthority, ensureLocalKeys } from '../../adapters/authority/local.js';
import { createDirectAccess, createSpokeAccess } from '../../adapters/aws/access.js';
import { createLookupEvents } from '../../adapters/cloudtrail/lookup-events.js';
import { addWhereRoom } from '../../adapters/temporal/quarantine-scps.js';
import { packagePath } from '../../config/paths.js';
import type { Alert } from '../../contracts/alert.js';
import type { GuardState } from '../../contracts/guard.js';
import type { MeasureName } from '../../contracts/plan.js';
import type { Waits } from '../../contracts/playbook.js';
import type { ScpChange, ScpOutcome } from '../../contracts/quarantine-scp.js';
import type { Measure } from '../../../activities/aws/measures/measure.js';
import { createPolicies } from '../../playbooks/load.js';
import type { Authority } from '../../ports/authority.js';
import type { QuarantineScps } from '../../ports/quarantine-scps.js';
import { createVirtualClock, type Range, startRange, type VirtualClock } from '../../range/index.js';
import type { Job } from './grid.js';
import { createMemoryEvidence } from './memory-evidence.js';
import { occupied } from './occupied.js';
import { organizationOf } from '../../drill/organization.js';
import { sabotaged } from './sabotage.js';

/** Round trip of one call, in seconds: a worker in the same region. */
const LATENCY_SECONDS = { min: 0.04, max: 0.12 };
/** The event copy of a wired account; LookupEvents alone is minutes late (aws-domain 5.1), which the proof waits for all the same. */
const CLOUDTRAIL_DELAY_SECONDS = { min: 2, max: 6 };
/** Turns of the event loop after which a call is under way or answered: time stands still until then. */
const TURNS = 24;

/** The range and the product's own parts in one process, on one virtual clock. */
export interface VirtualStage {
  readonly clock: VirtualClock;
  readonly range: Range;
  readonly messages: unknown[];
  readonly waits: Waits;
  readonly authority: Authority;
  readonly accounts: readonly string[];
  readonly access: AwsAccess;
  readonly measures: Record<MeasureName, Measure>;
  readonly evidence: ReturnType<typeof createMemoryEvidence>;
  readonly resolve: ReturnType<typeof createResolvePrincipal>;
  readonly resolveArn: ReturnType<typeof createResolvePrincipalArn>;
  readonly plan: ReturnType<typeof createPlanContainment>;
  readonly lookup: ReturnType<typeof createLookupPrincipalEvents>;
  readonly signReceipt: (alert: Omit<Alert, 'receipt'>) => Promise<Alert>;
  close(): Promise<void>;
}

/** Sets one run up. Everything but AWS is the product's: planner, measures, watch, signatures, rails, descent checks. */
export async function setVirtualStage({ cell, seed, sabotage }: Job): Promise<VirtualStage> {
  const clock = createVirtualClock(Math.floor(Date.now() / 1000) * 1000, { turns: TURNS });
  const messages: unknown[] = [];
  const range = await openRange({ cell, seed }, { clock, onAlert: (message) => void messages.push(message) });
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-bench-'));
  const accounts = range.organization?.accountIds ?? [range.accountId];
  const { rails, people, waits } = await policiesFor(accounts);
  const subjects = people.people.map(({ subject }) => subject);
  await ensureLocalKeys(folder, subjects);
  const authority = occupied(clock, createLocalAuthority({ keyDir: folder, people: async () => people }));
  const reads = { ...readsOf(range, clock), rails: async () => rails, people: async () => people };
  const { access, organization } = reads;
  const authorize = createAuthorizeWrite({
    ...reads,
    ownIdentity: createOwnIdentity(access, 'Responder'),
    authority,
    guard: { state: async () => guardState(accounts) },
    descentProblem: createDescentProblem(reads),
  });
  const scps = createScps({ ...reads, authorize }, (await organization())?.quarantinePolicyIds ?? []);
  const evidence = createMemoryEvidence();
  return {
    clock,
    range,
    messages,
    waits,
    authority,
    accounts,
    access,
    evidence,
    measures: sabotaged(createMeasures({ ...reads, scps, authorize }), sabotage),
    resolve: createResolvePrincipal(reads),
    resolveArn: createResolvePrincipalArn(reads),
    plan: createPlanContainment({ ...reads, evidence }),
    lookup: createLookupPrincipalEvents({ ...reads, beat: () => undefined }),
    signReceipt: (alert) => authority.signReceipt(alert),
    close: async () => {
      await range.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function openRange(
  { cell, seed }: Pick<Job, 'cell' | 'seed'>,
  { clock, onAlert }: { clock: VirtualClock; onAlert: (message: unknown) => void },
): Promise<Range> {
  const { propagationSeconds: lag } = cell;
  return startRange({
    scenario: cell.setting,
    seed,
    clock,
    theft: cell.theft,
    attacker: cell.attacker,
    propagationSeconds: { min: lag * 0.8, max: lag * 1.2 },
    cloudTrailDelaySeconds: CLOUDTRAIL_DELAY_SECONDS,
    latencySeconds: LATENCY_SECONDS,
    onAlert,
  });
}

/** The shipped policies, with the range's accounts on the allow-list. */
async function policiesFor(accounts: readonly string[]) {
  const shipped = createPolicies(packagePath('src', 'playbooks'));
  const [rails, people, waits] = await Promise.all([shipped.rails(), shipped.people(), shipped.waits('drill-waits')]);
  return { rails: { ...rails, accounts: [...accounts], rangeAccounts: [...accounts] }, people, waits };
}

/** What the product's activities read AWS with. */
function readsOf(range: Range, clock: VirtualClock) {
  const organization = organizationOf(range);
  const access = accessOf(range, { organization, clock });
  const nowMs = clock.now;
  const history = createLookupEvents({
    clientFor: (region, account) => access.cloudTrail({ account, role: 'Reader' }, region),
    regions: ['us-east-1'],
    delay: (ms) => clock.sleep(ms),
  });
  return {
    access,
    organization: async () => organization,
    regions: history.regions,
    history,
    ownIdentity: createOwnIdentity(access, 'Reader'),
    recentCallers: createRecentCallers({ history, nowMs }),
    nowMs,
    now: (): string => new Date(nowMs()).toISOString(),
  };
}

function accessOf(
  range: Range,
  { organization, clock }: { organization: ReturnType<typeof organizationOf>; clock: VirtualClock },
): AwsAccess {
  const { requestHandler, identities } = range;
  const identity = (credentials: { accessKeyId: string; secretAccessKey: string }) => ({
    endpoint: 'http://range.invalid',
    requestHandler,
    credentials,
  });
  if (organization === undefined || identities.orchestrator === undefined) {
    const responder = identity(identities.responder);
    return createDirectAccess({ Reader: responder, Responder: responder, Restorer: identity(identities.restorer) });
  }
  return createSpokeAccess({ base: identity(identities.orchestrator), organization, nowMs: clock.now });
}

/** One writer per policy, as the workflow `quarantineScp` is: changes one after the other. */
function createScps(deps: Parameters<typeof createWriteQuarantineScp>[0], policyIds: readonly string[]): QuarantineScps {
  const write = createWriteQuarantineScp(deps);
  let last: Promise<unknown> = Promise.resolve();
  const ask = (policyId: string, change: ScpChange): Promise<ScpOutcome> => {
    const next = last.then(async () => {
      const { outcomes } = await write({ policyId, changes: [change] });
      const [outcome] = outcomes;
      if (outcome === undefined) throw new Error('the write gave no outcome');
      return outcome;
    });
    last = next.catch(() => undefined);
    return next;
  };
  return {
    contents: () => readQuarantineScps(deps),
    change: (change, policyId) => (policyId === undefined ? addWhereRoom(policyIds, change, ask) : ask(policyId, change)),
  };
}

function guardState(accounts: readonly string[]): GuardState {
  const modes = Object.fromEntries(accounts.map((account) => [account, 'auto' as const]));
  return {
    stopped: false,
    modes,
    limits: { perHour: 100, perAccountPerHour: 100 },
    reservations: [],
    waiting: [],
    journal: [],
    seenActs: [],
  };
}
