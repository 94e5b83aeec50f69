import { createInterface } from 'node:readline';
import type { Output } from '../cli/output.js';
import { terminalText } from '../cli/terminal-text.js';
import type { Person } from '../contracts/playbook.js';
import type { Task } from '../contracts/task.js';

/** Verbs of the CLI that answer a task with a choice of the same meaning. */
const VERBS: Readonly<Record<string, string>> = { approve: 'approve', reject: 'reject', done: 'complete', retry: 'retry', skip: 'skip' };

/** Asks the user, who plays one of the cast, at the terminal. */
export interface Prompt {
  /** The command line to run, or `undefined` for "not now". One question at a time. */
  readonly ask: (person: Person, task: Task, incidentId: string) => Promise<string[] | undefined>;
  readonly close: () => void;
}

/** The terminal is opened at the first question and shared by all: lines typed ahead are kept. */
export function createPrompt(output: Output): Prompt {
  const typed = createLines();

  async function question(text: string): Promise<string | undefined> {
    output.line(text);
    return (await typed.next())?.trim();
  }

  async function ask(person: Person, task: Task, incidentId: string): Promise<string[] | undefined> {
    output.line(`\n${person.name}, ${task.taskId} is yours: ${terminalText(task.title)}`);
    for (const line of task.lookAt) output.line(`    ${terminalText(line)}`);
    const choice = await question(`  ${task.choices.join(' / ')} (empty = later)?`);
    if (choice === undefined || choice === '') return undefined;
    if (!task.choices.includes(choice)) {
      output.line(`  expected one of ${task.choices.join(', ')}`);
      return undefined;
    }
    const reason = (await question('  reason?')) || 'played in the drill';
    const verb = VERBS[choice];
    const answer = ['--reason', reason];
    return verb === undefined
      ? ['complete', incidentId, task.taskId, '--choice', choice, ...answer]
      : [verb, incidentId, task.taskId, ...answer];
  }

  return { ask, close: typed.close };
}

/** Lines of standard input, one per call; `undefined` once it has ended. */
function createLines(): { next: () => Promise<string | undefined>; close: () => void } {
  let terminal: ReturnType<typeof createInterface> | undefined;
  let lines: AsyncIterator<string, undefined> | undefined;
  return {
    async next() {
      terminal ??= createInterface({ input: process.stdin });
      lines ??= terminal[Symbol.asyncIterator]();
      const line: IteratorResult<string, undefined> = await lines.next();
      return line.value;
    },
    close: () => terminal?.close(),
  };
}
