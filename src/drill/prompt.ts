import { createInterface } from 'node:readline/promises';
import type { Output } from '../cli/output.js';
import { terminalText } from '../cli/terminal-text.js';
import type { Person } from '../contracts/playbook.js';
import type { Task } from '../contracts/task.js';

/** Verbs of the CLI that answer a task with a choice of the same meaning. */
const VERBS: Readonly<Record<string, string>> = { approve: 'approve', reject: 'reject', done: 'complete', retry: 'retry', skip: 'skip' };

/**
 * Asks the user, who plays one of the cast, at the terminal.
 *
 * @returns the command line to run, or `undefined` for "not now".
 */
export function createPrompt(output: Output): (person: Person, task: Task, incidentId: string) => Promise<string[] | undefined> {
  return async (person, task, incidentId) => {
    output.line(`\n${person.name}, ${task.taskId} is yours: ${terminalText(task.title)}`);
    for (const line of task.lookAt) output.line(`    ${terminalText(line)}`);
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      const choice = (await terminal.question(`  ${task.choices.join(' / ')} (empty = later)? `)).trim();
      if (choice === '') return undefined;
      if (!task.choices.includes(choice)) {
        output.line(`  expected one of ${task.choices.join(', ')}`);
        return undefined;
      }
      const reason = (await terminal.question('  reason? ')).trim() || 'played in the drill';
      const verb = VERBS[choice];
      return verb === undefined
        ? ['complete', incidentId, task.taskId, '--choice', choice, '--reason', reason]
        : [verb, incidentId, task.taskId, '--reason', reason];
    } finally {
      terminal.close();
    }
  };
}
