import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { msToTs } from '@temporalio/common/lib/time.js';
import pc from 'picocolors';
import { inject, test as base } from 'vitest';
import { createLocalAuthority, ensureLocalKeys } from '../../src/adapters/authority/local.js';
import { createAwsClients, type AwsClients } from '../../src/adapters/aws/clients.js';
import { readIncident } from '../../src/incidents/acting.js';
import type { CliContext, Session } from '../../src/cli/context.js';
import { runCli } from '../../src/cli/run-cli.js';
import { loadEnv, type Env } from '../../src/config/env.js';
import { connectClient } from '../../src/config/temporal.js';
import type { ContainmentState, ContainmentView } from '../../src/contracts/containment.js';
import type { IncidentState } from '../../src/contracts/incident.js';
import { containmentQuery } from '../../src/contracts/messages.js';
import type { Waits } from '../../src/contracts/playbook.js';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.js';
import type { Task } from '../../src/contracts/task.js';
import { createPolicies } from '../../src/playbooks/load.js';
import { startRange, type AcceptedWrite, type Range, type RangeOptions } from '../../src/range/index.js';
import type { Authority } from '../../src/ports/authority.js';
import { registerSearchAttributes } from '../../src/temporal-server/index.js';
import { startWorkers } from '../../src/worker/run-workers.js';
import { BUNDLE_PATH } from '../../src/worker/workflow-code.js';
import { suspectIn, type Suspect } from './alerts.js';
import { CONTAINMENT_PLAYBOOK, E2E_WAITS, writePolicies } from './policies.js';
import { until } from './until.js';

export interface StageOptions {
  /** @default the shipped one with its later steps by hand */
  readonly playbook?: 'compromised-credentials';
  /** Mode of the guard for the range's account; left out, nobody sets one. */
  readonly mode?: 'observe' | 'approve' | 'auto';
  readonly waits?: Partial<Waits>;
  readonly range?: RangeOptions;
}

export interface Answer {
  readonly code: number;
  readonly text: string;
}

export interface Outcome {
  readonly outcome: string;
  readonly workflowId: string;
  readonly incidentId: string;
  readonly reason: string;
  readonly duplicate: boolean;
}

/** A range over HTTP, the real workers in this process, a namespace on the suite's Temporal server, and the CLI. */
export interface Stage {
  readonly range: Range;
  readonly env: Env;
  readonly session: Session;
  readonly authority: Authority;
  readonly admin: AwsClients;
  /** Everything the CLI and the terminal notifier have printed. */
  readonly printed: string[];
  /** One command line, by the CLI's own code path. */
  readonly cli: (...args: string[]) => Promise<Answer>;
  /** `cli` that must succeed. */
  readonly act: (...args: string[]) => Promise<string>;
  /** Takes in a message as its source delivers it, and says what became of it. */
  readonly send: (message: object) => Promise<Outcome>;
  /** A new user with one active key, made by the account's admin. */
  readonly newUser: (name: string) => Promise<Suspect>;
  readonly incident: (id: string) => Promise<IncidentState>;
  readonly containment: (userName: string) => Promise<ContainmentState>;
  /** Waits for the incident to be so. */
  readonly reaches: (id: string, what: string, holds: (state: IncidentState) => boolean) => Promise<IncidentState>;
  /** Waits for the only containment of the incident to be so. */
  readonly containmentReaches: (id: string, what: string, holds: (view: ContainmentView) => boolean) => Promise<ContainmentView>;
  /** Waits for an open task. */
  readonly task: (id: string, what: string, holds: (task: Task) => boolean) => Promise<Task>;
  /** Accepted changes by Tourniquet's identity. */
  readonly writes: () => ReturnType<Range['writesBy']>;
}

type WhenDone = (close: () => Promise<void>) => void;

/** A test that can set stages; they are struck in the reverse order when it ends. */
export const test = base.extend<{ setStage: (options?: StageOptions) => Promise<Stage> }>({
  setStage: ({ onTestFinished }, use) => use((options) => setStage(onTestFinished, options)),
});

async function setStage(whenDone: WhenDone, options: StageOptions = {}): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tourniquet-e2e-'));
  whenDone(() => rm(dataDir, { recursive: true, force: true }));
  const policyDir = join(dataDir, 'policies');
  await writePolicies(policyDir, options.waits === undefined ? {} : { waits: options.waits });
  const range = await startRange({
    port: 0,
    propagationSeconds: { min: 0.3, max: 0.8 },
    cloudTrailDelaySeconds: { min: 0.1, max: 0.6 },
    ...options.range,
  });
  whenDone(() => range.stop());
  const env: Env = {
    ...loadEnv({}),
    dataDir,
    keyDir: join(dataDir, 'keys'),
    policyDir,
    awsEndpoint: range.endpoint,
    alertQueueUrl: range.alertQueueUrl,
    waits: E2E_WAITS,
    playbookId: options.playbook ?? CONTAINMENT_PLAYBOOK,
    temporalAddress: inject('temporalAddress'),
    logLevel: 'fatal',
    identity: 'tourniquet-e2e',
  };
  const session = await openNamespace(whenDone, env);
  const policies = createPolicies(policyDir);
  const { people } = await policies.people();
  await ensureLocalKeys(
    env.keyDir,
    people.map(({ subject }) => subject),
  );
  const printed: string[] = [];
  const workers = await startWorkers({
    env,
    namespace: session.namespace,
    // What ships, built once: bundling again in every file takes seconds.
    workflowBundle: { codePath: BUNDLE_PATH },
    awsCredentials: range.identities,
    schedule: false,
    print: (line) => void printed.push(line),
  });
  whenDone(() => workers.stop());
  const stage = createStage({
    range,
    env,
    session,
    printed,
    authority: createLocalAuthority({ keyDir: env.keyDir, people: policies.people }),
  });
  if (options.mode !== undefined) await stage.act('guard', 'mode', range.accountId, options.mode, '--as', 'mara');
  return stage;
}

async function openNamespace(whenDone: WhenDone, env: Env): Promise<Session> {
  const namespace = `e2e-${randomUUID().slice(0, 8)}`;
  const session = await connectClient({ address: env.temporalAddress, namespace, identity: env.identity });
  whenDone(() => session.connection.close());
  await session.connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') });
  await until('the namespace is known', () =>
    registerSearchAttributes(session.connection, namespace, Object.values(SEARCH_ATTRIBUTES)).then(
      () => true,
      () => undefined,
    ),
  );
  return session;
}

function createStage(made: Pick<Stage, 'range' | 'env' | 'session' | 'printed' | 'authority'>): Stage {
  const { range, env, session, printed } = made;
  const admin = createAwsClients({ endpoint: range.endpoint, credentials: range.identities.admin });

  async function cli(...args: string[]): Promise<Answer> {
    const lines: string[] = [];
    const context: CliContext = {
      output: {
        line: (text) => void lines.push(text),
        json: (value) => void lines.push(JSON.stringify(value)),
        error: (text) => void lines.push(text),
        colors: pc.createColors(false),
      },
      now: () => new Date(),
      env: () => env,
      withTemporal: (work) => work(session),
    };
    const code = await runCli(args, context);
    printed.push(...lines);
    return { code, text: lines.join('\n') };
  }

  async function act(...args: string[]): Promise<string> {
    const { code, text } = await cli(...args);
    if (code !== 0) throw new Error(`tourniquet ${args.join(' ')} → ${code}: ${text}`);
    return text;
  }

  async function send(message: object): Promise<Outcome> {
    const file = join(env.dataDir, `${randomUUID()}.json`);
    await writeFile(file, JSON.stringify(message));
    const { outcome, duplicate } = JSON.parse(await act('alert', 'send', '--file', file, '--json')) as {
      outcome: Omit<Outcome, 'duplicate'> | null;
      duplicate: boolean;
    };
    if (outcome === null) throw new Error('the alert has no outcome');
    return { ...outcome, duplicate };
  }

  async function newUser(name: string): Promise<Suspect> {
    await admin.iam.send(new CreateUserCommand({ UserName: name }));
    await admin.iam.send(new CreateAccessKeyCommand({ UserName: name }));
    return suspectIn(range, name);
  }

  const incident = (id: string): Promise<IncidentState> => readIncident(session, id);

  async function reaches(id: string, what: string, holds: (state: IncidentState) => boolean): Promise<IncidentState> {
    let last: IncidentState | undefined;
    const look = async (): Promise<IncidentState | undefined> => {
      last = await incident(id);
      return holds(last) ? last : undefined;
    };
    return until(what, look, { seen: () => (last === undefined ? '' : storyOf(last)) });
  }

  return {
    ...made,
    admin,
    cli,
    act,
    send,
    newUser,
    incident,
    reaches,
    containment: (userName) => session.client.workflow.getHandle(`containment/${range.accountId}/user/${userName}`).query(containmentQuery),
    containmentReaches: async (id, what, holds) => onlyView(await reaches(id, what, (state) => hasView(state, holds))),
    task: async (id, what, holds) => {
      const found = (state: IncidentState): Task | undefined => state.tasks.find((task) => task.closedAt === undefined && holds(task));
      const task = found(await reaches(id, what, (state) => found(state) !== undefined));
      if (task === undefined) throw new Error(what);
      return task;
    },
    writes: () => range.writesBy(range.identities.responder.accessKeyId),
  };
}

function hasView(state: IncidentState, holds: (view: ContainmentView) => boolean): boolean {
  const [view] = Object.values(state.scope);
  return view !== undefined && holds(view);
}

/** The view of an incident's only containment. */
export function onlyView(state: IncidentState): ContainmentView {
  const [view, ...others] = Object.values(state.scope);
  if (view === undefined || others.length > 0) throw new Error(`expected one containment, found ${Object.keys(state.scope).length}`);
  return view;
}

/** Whom an accepted change was made to. */
export function userOf({ params }: AcceptedWrite): string {
  return (params as { userName?: string }).userName ?? '';
}

/** The journal's lines, to search and to print. */
export function journalOf(state: IncidentState): string {
  return state.journal.map(({ who, text }) => `${who}: ${text}`).join('\n');
}

function storyOf(state: IncidentState): string {
  const views = Object.values(state.scope).map((view) => `${view.principal.name} is ${view.state}: ${view.headline}`);
  const tasks = state.tasks.map(({ taskId, kind, title, outcome }) => `${taskId} ${kind} ${title} → ${outcome ?? 'open'}`);
  return [...views, ...tasks, ...state.journal.slice(-15).map(({ at, who, text }) => `${at} ${who}: ${text}`)].join('\n');
}
