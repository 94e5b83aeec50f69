import { createHash, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { MainActivities } from '../../activities/index.js';
import { createContainmentOwner } from '../../activities/temporal/containment-owner.js';
import { createOpenIncident } from '../../activities/temporal/open-incident.js';
import { createFileRecordStore } from '../../src/adapters/records/file.js';
import type { Alert } from '../../src/contracts/alert.js';
import { type CheckConsentInput, type CheckConsentResult, Consent, type ConsentWanted } from '../../src/contracts/authority.js';
import type { ContainmentOrder, ContainmentView } from '../../src/contracts/containment.js';
import type { IncidentInput, IncidentResult, IncidentState } from '../../src/contracts/incident.js';
import { actUpdate, incidentQuery } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import type { Notification, NotifyResult } from '../../src/contracts/notify.js';
import type { PlaybookPin, StepBehaviour } from '../../src/contracts/playbook.js';
import type { Principal } from '../../src/contracts/principal.js';
import type { Act, ActResult, Task } from '../../src/contracts/task.js';
import type { Verdict } from '../../src/contracts/verdict.js';
import { createPolicies } from '../../src/playbooks/load.js';
import { createTimeSkipping } from '../fixtures/time-skipping.js';
import { anAlert, aPrincipal, aResolution, aVerdict } from '../fixtures/builders.js';
import { fakeOrdersQuery, fakeViewSignal } from './workflows.js';

const PLAYBOOKS = fileURLToPath(new URL('../../src/playbooks', import.meta.url));
const WORKFLOWS = fileURLToPath(new URL('./workflows.ts', import.meta.url));
const NO_FILE = { store: 'file', path: 'none', sha256: '0'.repeat(64), bytes: 0 };

export interface Sent {
  readonly through: 'notifyTeam' | 'recordBreach';
  readonly notification: Notification;
}

/** What the faked activities answer; a test changes it before or while an incident runs. */
export interface Answers {
  verdict: (statements: number, alerts: number) => Verdict;
  resolve: MainActivities['resolvePrincipal'];
  judge: MainActivities['judgeCall'];
  expand: MainActivities['expandAlarm'];
  resolveArn: MainActivities['resolvePrincipalArn'];
  notify: (notification: Notification) => Promise<NotifyResult>;
  pin: (pin: PlaybookPin) => PlaybookPin;
  createTicket: MainActivities['createTicket'];
  updateTicket: MainActivities['updateTicket'];
  prepareReview: MainActivities['prepareReview'];
}

/** A time-skipping server and one worker with faked activities. */
export interface Rig {
  readonly env: TestWorkflowEnvironment;
  readonly sent: Sent[];
  readonly records: unknown[];
  readonly answers: Answers;
  readonly open: (options?: { name?: string; alert?: Partial<Alert>; rollAfter?: number; owners?: string[] }) => Promise<Run>;
  /** The follow-up of an incident: everything a run has, but for its alerts. */
  readonly followUpOf: (run: Run) => Run;
  /** Replays every run of a workflow with the code as it is. @throws DeterminismViolationError */
  readonly replay: (workflowId: string) => Promise<{ events: number }[]>;
  readonly close: () => Promise<void>;
}

export interface Run {
  readonly principal: Principal;
  readonly incidentId: string;
  readonly alert: Alert;
  readonly handle: WorkflowHandle<IncidentWorkflow>;
  readonly result: () => Promise<IncidentResult>;
  readonly state: () => Promise<IncidentState>;
  readonly send: (alert: Alert) => Promise<void>;
  readonly act: (act: ActBody, actId?: string) => Promise<ActResult>;
  readonly task: (kind: Task['kind'], stepId?: string) => Promise<Task>;
  readonly approve: (taskId: string, subject: string, choice?: 'approve' | 'reject') => Promise<ActResult>;
  readonly view: (patch: Partial<ContainmentView>) => Promise<void>;
  readonly orders: () => Promise<ContainmentOrder[]>;
  readonly until: (what: string, holds: (state: IncidentState) => boolean) => Promise<IncidentState>;
  readonly sentTo: (team: string) => Sent[];
}

type IncidentWorkflow = (input: IncidentInput) => Promise<IncidentResult>;

type ActBody = Act extends infer A ? (A extends Act ? Omit<A, 'actId'> : never) : never;

let bundled: Promise<WorkflowBundleWithSourceMap> | undefined;

export async function createRig(): Promise<Rig> {
  const env = await createTimeSkipping();
  const sent: Sent[] = [];
  const records: unknown[] = [];
  const answers: Answers = {
    verdict: () => aVerdict('suspected', 45),
    resolve: () => Promise.resolve(aResolution()),
    judge: (alert) => Promise.resolve(alert),
    expand: () => Promise.resolve({ intakes: [], note: 'nobody' }),
    resolveArn: () => Promise.resolve(aResolution()),
    notify: reachAll,
    pin: byHand(),
    createTicket: ({ incidentId }) => Promise.resolve({ key: incidentId, url: 'file:///none' }),
    updateTicket: () => Promise.resolve({ subTasks: [] }),
    prepareReview: ({ followUpId }) => Promise.resolve({ ...NO_FILE, path: `${followUpId}/review/review.md` }),
  };
  bundled ??= bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger: new DefaultLogger('WARN') });
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: MAIN_TASK_QUEUE,
    workflowBundle: await bundled,
    activities: fakeActivities({ env, sent, records, answers }),
  });
  const running = worker.run();
  return {
    env,
    sent,
    records,
    answers,
    open: (options = {}) => openRun(env, sent, options),
    followUpOf: (run) => {
      const incidentId = `${run.incidentId}-F`;
      return runOf(env, sent, { ...run, incidentId, principal: { ...run.principal, lockId: `follow-up/${run.incidentId}` } });
    },
    replay: async (workflowId) => replayRuns(env, workflowId, await bundled),
    close: async () => {
      worker.shutdown();
      await running;
      await env.teardown();
    },
  };
}

/** The clocks of these tests are people's: what needs AWS, a ticket system or evidence is a manual task here, unless a test keeps it. */
export function byHand(...kept: StepBehaviour[]): Answers['pin'] {
  const automated = new Set<StepBehaviour>(['validateFinding', 'containPrincipals', 'notifyStakeholders', ...kept]);
  return (pin) => {
    const steps = pin.body.steps.map(({ run, ...step }) => (run !== undefined && automated.has(run) ? { ...step, run } : step));
    return { ...pin, body: { ...pin.body, steps } };
  };
}

function reachAll({ team }: Notification): Promise<NotifyResult> {
  return Promise.resolve({ channel: 'terminal', failed: [], people: [team] });
}

function fakeActivities({ env, sent, records, answers }: Pick<Rig, 'env' | 'sent' | 'records' | 'answers'>): Partial<MainActivities> {
  const policies = createPolicies(PLAYBOOKS);
  const tell = (through: Sent['through']) => async (notification: Notification) => {
    const result = await answers.notify(notification);
    sent.push({ through, notification });
    return result;
  };
  return {
    resolvePrincipal: (alert) => answers.resolve(alert),
    judgeCall: (alert) => answers.judge(alert),
    expandAlarm: (alert) => answers.expand(alert),
    resolvePrincipalArn: (input) => answers.resolveArn(input),
    openIncident: createOpenIncident({
      client: env.client.workflow,
      playbookId: 'compromised-credentials',
      records: createFileRecordStore(join(tmpdir(), `tourniquet-rig-${randomUUID()}`)),
      intake: policies.intake,
    }),
    containmentOwner: createContainmentOwner({ client: env.client.workflow }),
    loadPlaybook: async () => answers.pin(await policies.pin('compromised-credentials', 'waits')),
    scoreSignals: ({ ownerStatements, alerts }) => Promise.resolve(answers.verdict(ownerStatements.length, alerts.length)),
    checkConsent: (input) => Promise.resolve(checkFake(input)),
    notifyTeam: tell('notifyTeam'),
    recordBreach: tell('recordBreach'),
    archiveJournal: () => Promise.resolve(),
    recordIncident: ({ state }) => {
      records.push(state);
      return Promise.resolve({ record: NO_FILE, reportHtml: NO_FILE, reportMarkdown: NO_FILE, metrics: NO_FILE });
    },
    createTicket: (input) => answers.createTicket(input),
    updateTicket: (input) => answers.updateTicket(input),
    attachToTicket: () => Promise.resolve(),
    prepareReview: (input) => answers.prepareReview(input),
  };
}

/** Records of the tests are unsigned: subject, decision and what they consent to in the middle part. */
function checkFake({ record, subject, wanted }: CheckConsentInput): CheckConsentResult {
  const consent = Consent.parse(JSON.parse(Buffer.from(record.split('.')[1] ?? '', 'base64url').toString()));
  if (consent.subject !== subject) return { valid: false, reason: 'signed by somebody else' };
  if (wanted.ownerSubjects.includes(subject)) return { valid: false, reason: 'linked to the principal' };
  if (consent.action !== wanted.action) return { valid: false, reason: `the record is for ${consent.action}` };
  return { valid: true, consent };
}

export function aRecord(subject: string, decision: 'approve' | 'reject', wanted: ConsentWanted & { expiresAt?: string }): string {
  const { incidentId, action, principalUniqueId, planSha256, tier } = wanted;
  const consent = {
    incidentId,
    action,
    principalUniqueId,
    planSha256,
    tier,
    subject,
    issuer: 'local',
    team: 'security-lead',
    decision,
    decidedAt: '2026-11-22T10:05:00.000Z',
    expiresAt: '2026-11-23T10:05:00.000Z',
    nonce: randomUUID(),
  };
  return `e30.${Buffer.from(JSON.stringify(consent)).toString('base64url')}.c2ln`;
}

async function openRun(env: TestWorkflowEnvironment, sent: Sent[], options: NonNullable<Parameters<Rig['open']>[0]>): Promise<Run> {
  const principal = aPrincipal(`${options.name ?? 'user'}-${randomUUID().slice(0, 6)}`, options.owners ?? ['omar']);
  const incidentId = `INC-20261122-${createHash('sha256').update(principal.name).digest('hex').slice(0, 8).toUpperCase()}`;
  const now = await env.currentTimeMs();
  const at = new Date(now).toISOString();
  const alert = anAlert({ detectedAt: at, firstSeenAt: at, receivedAt: at, ...options.alert });
  const input: IncidentInput = {
    incidentId,
    playbookId: 'compromised-credentials',
    openedAt: alert.receivedAt,
    clockStartAt: alert.detectedAt,
    ...(options.rollAfter === undefined ? {} : { continueAsNewAfterEvents: options.rollAfter }),
  };
  const send = async (what: Alert): Promise<void> => {
    await env.client.workflow.signalWithStart('incidentResponse', {
      workflowId: principal.lockId,
      taskQueue: MAIN_TASK_QUEUE,
      args: [input],
      signal: 'alertReceived',
      signalArgs: [what, aResolution(principal)],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  };
  await send(alert);
  return runOf(env, sent, { principal, incidentId, alert, send });
}

function runOf(
  env: TestWorkflowEnvironment,
  sent: Sent[],
  { principal, incidentId, alert, send }: Pick<Run, 'principal' | 'incidentId' | 'alert' | 'send'>,
): Run {
  const handle = env.client.workflow.getHandle<IncidentWorkflow>(principal.lockId);
  const containment = env.client.workflow.getHandle(principal.lockId.replace('incident/', 'containment/'));
  const state = (): Promise<IncidentState> => handle.query(incidentQuery);
  const act: Run['act'] = (body, actId = randomUUID()) => handle.executeUpdate(actUpdate, { args: [{ ...body, actId }] });
  const until: Run['until'] = async (what, holds) => {
    for (let tries = 0; tries < 100; tries += 1) {
      const current = await state();
      if (holds(current)) return current;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`never came true: ${what}\n${(await state()).journal.map(({ at, who, text }) => `${at} ${who}: ${text}`).join('\n')}`);
  };
  const findOpen = (current: IncidentState, kind: Task['kind'], stepId?: string): Task | undefined =>
    current.tasks.find((task) => task.closedAt === undefined && task.kind === kind && (stepId === undefined || task.stepId === stepId));
  const task: Run['task'] = async (kind, stepId) => {
    const found = findOpen(await until(`an open ${kind} task`, (current) => findOpen(current, kind, stepId) !== undefined), kind, stepId);
    if (found === undefined) throw new Error('unreachable');
    return found;
  };
  const approve: Run['approve'] = async (taskId, subject, choice = 'approve') => {
    const wanted = (await state()).tasks.find((candidate) => candidate.taskId === taskId)?.consent;
    if (wanted === undefined) throw new Error(`${taskId} takes no consent`);
    return act({ act: 'decide', taskId, subject, choice, reason: 'seen the plan', record: aRecord(subject, choice, wanted) });
  };
  return {
    principal,
    incidentId,
    alert,
    handle,
    result: () => handle.result(),
    state,
    send,
    act,
    task,
    approve,
    until,
    view: async (patch) => containment.signal(fakeViewSignal, patch),
    orders: () => containment.query(fakeOrdersQuery),
    sentTo: (team) =>
      sent.filter(
        ({ notification }) =>
          notification.incidentId === incidentId &&
          notification.team === team &&
          (notification.kind !== 'breach' || notification.lines.length > 0),
      ),
  };
}

async function replayRuns(
  env: TestWorkflowEnvironment,
  workflowId: string,
  workflowBundle: WorkflowBundleWithSourceMap | undefined,
): Promise<{ events: number }[]> {
  if (workflowBundle === undefined) throw new Error('no workflows were bundled');
  const runs: { events: number }[] = [];
  let runId: string | undefined = (await env.client.workflow.getHandle(workflowId).describe()).runId;
  while (runId !== undefined && runId !== '') {
    const history = await env.client.workflow.getHandle(workflowId, runId).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
    runs.unshift({ events: history.events?.length ?? 0 });
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  }
  return runs;
}
