import type { Person } from '../contracts/playbook.js';
import type { Task } from '../contracts/task.js';
import type { Narrator } from './narrator.js';
import type { Prompt } from './prompt.js';

/** "Later" means not at once. */
const ASK_AGAIN_AFTER_MS = 10_000;

export interface PlayerDeps {
  readonly narrator: Narrator;
  readonly ask: Prompt['ask'];
  readonly perform: (subject: string, args: readonly string[]) => Promise<boolean>;
}

/** The member of the cast that the user plays. */
export interface Player {
  /** Asks for this task now, unless a question is open or it was answered. Nobody waits: the others go on. */
  readonly offer: (incidentId: string, task: Task, person: Person) => void;
}

/** One question at a time; a task that is put off or whose answer was refused is asked for again later. */
export function createPlayer({ narrator, ask, perform }: PlayerDeps): Player {
  const notBeforeMs = new Map<string, number>();
  let asking = false;

  async function putQuestion(incidentId: string, task: Task, person: Person): Promise<void> {
    const args = await ask(person, task, incidentId);
    const done = args !== undefined && (await perform(person.subject, args));
    notBeforeMs.set(task.taskId, done ? Number.POSITIVE_INFINITY : Date.now() + ASK_AGAIN_AFTER_MS);
  }

  return {
    offer(incidentId, task, person) {
      if (asking || Date.now() < (notBeforeMs.get(task.taskId) ?? 0)) return;
      asking = true;
      putQuestion(incidentId, task, person)
        .catch((error: unknown) => narrator.say('cast', person.name, `could not be asked: ${String(error)}`))
        .finally(() => {
          asking = false;
        });
    },
  };
}
