import { randomUUID } from 'node:crypto';
import { type Consent, LOCAL_ISSUER } from '../contracts/authority.js';
import type { IncidentState } from '../contracts/incident.js';
import { actUpdate, incidentQuery } from '../contracts/messages.js';
import type { People, Rails } from '../contracts/policies.js';
import type { Act, ActResult, Task } from '../contracts/task.js';
import type { Authority } from '../ports/authority.js';
import { findIncident, type FoundIncident } from './find-incident.js';
import { Refusal } from './refusal.js';
import type { Session } from './session.js';

/** Queries and updates need a live worker: without one they would wait for ever. */
const ANSWER_WITHIN_MS = 20_000;

/** What acting on an incident needs. The CLI and a drill's cast use the same. */
export interface ActingDeps {
  readonly session: Session;
  readonly authority: Pick<Authority, 'signConsent'>;
  readonly people: () => Promise<People>;
  readonly rails: () => Promise<Rails>;
  readonly now: () => Date;
}

/** An answer to a task: by task id, or by step id when the step has one open task that takes the choice. */
export interface Answer {
  readonly incident: string;
  readonly taskOrStep: string;
  readonly choice: string;
  readonly reason: string;
  readonly subject: string;
  /** Whose word it is that this is the subject. @default local */
  readonly issuer?: string | undefined;
  /** Teams that the issuer says the subject is in now; left out, those of people.yaml count alone. */
  readonly teams?: readonly string[] | undefined;
  /** The same id again gets the first answer. @default a new one */
  readonly actId?: string | undefined;
  /** Team to sign for; by default one of the subject's that may approve. */
  readonly team?: string | undefined;
}

/** Who acts on which incident. */
export interface ActSender {
  readonly incident: string;
  readonly subject: string;
  readonly actId?: string | undefined;
}

/** One act without the fields that are the same for all. */
export type ActBody = Act extends infer One ? (One extends Act ? Omit<One, 'actId' | 'subject'> : never) : never;

/** The state of an incident, also of a closed one. */
export async function readIncident(session: Session, name: string): Promise<IncidentState> {
  return query(session, await findIncident(session, name));
}

/** Answers a task. Where it needs a signature, the subject's own key signs exactly what the task asks for. */
export async function answerTask(deps: ActingDeps, answer: Answer): Promise<ActResult> {
  const found = await openIncident(deps.session, answer.incident);
  const task = pickTask(await query(deps.session, found), answer);
  const body: ActBody = { act: 'decide', taskId: task.taskId, choice: answer.choice, reason: answer.reason };
  const record = task.needsSignature ? await sign(deps, task, answer) : undefined;
  return send(deps.session, found, {
    ...body,
    ...(record === undefined ? {} : { record }),
    actId: answer.actId ?? randomUUID(),
    subject: answer.subject,
  });
}

/** Sends any other act. */
export async function sendAct(session: Session, to: ActSender, body: ActBody): Promise<ActResult> {
  return send(session, await openIncident(session, to.incident), { ...body, actId: to.actId ?? randomUUID(), subject: to.subject });
}

async function openIncident(session: Session, name: string): Promise<FoundIncident> {
  const found = await findIncident(session, name);
  if (!found.running) throw new Refusal('refused', `incident ${name} is closed; nothing can be changed`);
  return found;
}

function pickTask(state: IncidentState, { taskOrStep, choice }: Answer): Task {
  const open = state.tasks.filter((task) => task.closedAt === undefined);
  const byId = state.tasks.find((task) => task.taskId === taskOrStep);
  if (byId !== undefined) return byId;
  const ofStep = open.filter((task) => task.stepId === taskOrStep);
  const fitting = ofStep.filter((task) => task.choices.includes(choice));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  if (fitting.length > 1)
    throw new Refusal('badRequest', `step ${taskOrStep} has several such tasks: ${fitting.map(({ taskId }) => taskId).join(', ')}`);
  if (ofStep.length > 0)
    throw new Refusal('refused', `the open task of step ${taskOrStep} does not take ${choice}: ${ofStep[0]?.choices.join(', ') ?? ''}`);
  throw new Refusal('refused', `no open task or step ${taskOrStep}; open: ${open.map(({ taskId }) => taskId).join(', ') || 'none'}`);
}

async function sign(deps: ActingDeps, task: Task, answer: Answer): Promise<string> {
  if (task.consent === undefined) throw new Refusal('refused', `task ${task.taskId} wants a signature but does not say for what`);
  const { subject, issuer = LOCAL_ISSUER } = answer;
  const team = await teamToSignFor(deps, answer);
  const { incidentId, action, principalUniqueId, planSha256, tier, expiresAt } = task.consent;
  const consent: Consent = {
    incidentId,
    action,
    principalUniqueId,
    planSha256,
    tier,
    expiresAt,
    subject,
    issuer,
    team,
    decision: answer.choice === 'reject' ? 'reject' : 'approve',
    decidedAt: deps.now().toISOString(),
    nonce: randomUUID(),
  };
  return deps.authority.signConsent(subject, consent);
}

async function teamToSignFor(deps: ActingDeps, { subject, issuer = LOCAL_ISSUER, teams, team }: Answer): Promise<string> {
  const person = (await deps.people()).people.find((candidate) => candidate.subject === subject && candidate.issuer === issuer);
  const where = issuer === LOCAL_ISSUER ? 'local person' : 'person of this issuer';
  if (person === undefined) throw new Refusal('refused', `${subject} is not a ${where} of people.yaml and cannot sign here`);
  const { approverTeams } = await deps.rails();
  const theirs = person.teams.filter((candidate) => teams === undefined || teams.includes(candidate));
  if (team !== undefined && teams !== undefined && !theirs.includes(team))
    throw new Refusal('refused', `${subject} is not in team ${team}`);
  const signing = team ?? theirs.find((candidate) => approverTeams.includes(candidate)) ?? theirs[0];
  if (signing === undefined) throw new Refusal('refused', `${subject} is in no team`);
  return signing;
}

function query({ connection }: Session, { handle }: FoundIncident): Promise<IncidentState> {
  return answered(() => connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => handle.query(incidentQuery)));
}

function send({ connection }: Session, { handle }: FoundIncident, act: Act): Promise<ActResult> {
  return answered(() =>
    connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => handle.executeUpdate(actUpdate, { args: [act], updateId: act.actId })),
  );
}

async function answered<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && /DEADLINE|deadline|timed out|cancelled/i.test(`${error.message} ${String(error.cause)}`)) {
      throw new Refusal('unavailable', `no worker answered within ${ANSWER_WITHIN_MS / 1_000} s: does \`tourniquet worker\` run?`);
    }
    throw error;
  }
}
