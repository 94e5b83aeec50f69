import pc from 'picocolors';
import type { Output } from '../cli/output.js';
import { runCli } from '../cli/run-cli.js';
import type { IncidentState } from '../contracts/incident.js';
import type { Person } from '../contracts/playbook.js';
import type { Task } from '../contracts/task.js';
import type { Narrator } from './narrator.js';
import { createPlayer } from './player.js';
import type { Prompt } from './prompt.js';
import type { Stage } from './stage.js';

/** Answers the tasks of a drill through the CLI's own code path, one act at a time. */
export interface Cast {
  /** Acts on what is open now, in the background: a person who thinks must not stop the world. */
  readonly act: (state: IncidentState) => void;
  /** One act outside any task, e.g. setting the guard's mode. */
  readonly perform: (subject: string, args: readonly string[]) => Promise<boolean>;
}

export interface CastDeps {
  readonly stage: Stage;
  readonly narrator: Narrator;
  readonly people: readonly Person[];
  /** Teams whose consent counts (`rails.yaml`). */
  readonly approverTeams: readonly string[];
  /** The member the user plays: asked at the prompt instead. */
  readonly played: string | undefined;
  readonly ask: Prompt['ask'];
}

/** A refusal that comes back this often will not go away by asking again. */
const MAX_TRIES = 3;

/** What somebody types to answer a task the way a good responder would. */
export function answerFor(task: Task, incidentId: string): string[] {
  const reason = task.kind === 'consent' ? 'plan read, blast radius is acceptable' : 'done in the drill';
  if (task.choices.includes('approve')) return ['approve', incidentId, task.taskId, '--reason', reason];
  if (task.choices.includes('retry')) return ['retry', incidentId, task.taskId, '--reason', reason];
  if (task.choices.includes('confirm')) return ['complete', incidentId, task.taskId, '--choice', 'confirm', '--reason', reason];
  return ['complete', incidentId, task.taskId, '--reason', reason];
}

/** Makes the cast. A member answers tasks of the teams it is in; consents only where it is not linked to the principal. */
export function createCast(deps: CastDeps): Cast {
  const { stage, narrator, people, played } = deps;
  const answered = new Set<string>();
  const player = createPlayer({ narrator, ask: deps.ask, perform: (subject, args) => perform(subject, args) });
  const refusals = new Map<string, number>();
  let acknowledged = false;
  let acting = false;

  async function perform(subject: string, args: readonly string[]): Promise<boolean> {
    const person = people.find((candidate) => candidate.subject === subject);
    const lines: string[] = [];
    const output: Output = {
      line: (text) => void lines.push(text),
      json: (value) => void lines.push(JSON.stringify(value)),
      error: (text) => void lines.push(text),
      colors: pc.createColors(false),
    };
    const code = await runCli([...args, '--as', subject], stage.contextFor(output));
    const result = code === 0 ? '' : ` → refused: ${lines.join(' ')}`;
    narrator.say('cast', person?.name ?? subject, `tourniquet ${args.map(quoted).join(' ')}${result}`);
    return code === 0;
  }

  async function actOn(state: IncidentState): Promise<void> {
    if (!acknowledged && state.ladder.pages.length > 0) {
      acknowledged = true;
      const first = people.find((person) => person.subject !== played);
      if (first) await perform(first.subject, ['ack', state.incidentId]);
    }
    for (const task of state.tasks.filter((candidate) => candidate.closedAt === undefined)) {
      for (const person of answerers(task, deps)) await answer(state, task, person);
    }
  }

  async function answer(state: IncidentState, task: Task, person: Person): Promise<void> {
    const key = `${state.incidentId} ${task.taskId} ${person.subject}`;
    if (answered.has(key)) return;
    if (person.subject === played) return player.offer(state.incidentId, task, person);
    answered.add(key);
    if (await perform(person.subject, answerFor(task, state.incidentId))) return;
    // Refused, because the plan may just have changed: tried again at the next look, a few times.
    const tries = (refusals.get(key) ?? 0) + 1;
    refusals.set(key, tries);
    if (tries < MAX_TRIES) answered.delete(key);
  }

  function act(state: IncidentState): void {
    if (acting) return;
    acting = true;
    actOn(state)
      .catch((error: unknown) => narrator.say('cast', 'cast', `could not act: ${String(error)}`))
      .finally(() => {
        acting = false;
      });
  }

  return { act, perform };
}

/** As many people as the task wants, of its team first; people linked to the principal are left out of consents. */
function answerers(task: Task, { people, approverTeams }: CastDeps): Person[] {
  const linked = new Set(task.consent?.ownerSubjects ?? []);
  const free = people.filter((person) => !linked.has(person.subject));
  const inTeam = free.filter((person) => person.teams.includes(task.team));
  if (task.kind !== 'consent') return (inTeam.length > 0 ? inTeam : free).slice(0, 1);
  return free.filter((person) => approverTeams.some((team) => person.teams.includes(team))).slice(0, task.quorum);
}

function quoted(text: string): string {
  return /\s/.test(text) ? `"${text}"` : text;
}
