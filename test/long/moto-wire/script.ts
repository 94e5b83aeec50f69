import { answerOf, type Answer } from './members.js';

/** What earlier steps found out on one side, e.g. ids. */
export interface Memory {
  /** @throws Error when no step remembered it */
  recall(name: string): string;
  remember(name: string, value: string | undefined): void;
}

/** One call of a script. */
export type Step<Clients> = {
  readonly name: string;
  readonly play: (clients: Clients, memory: Memory) => Promise<object>;
};

/** Plays a script on one side, each call once, whatever the ones before it answered. */
export async function playScript<Clients>(script: readonly Step<Clients>[], clients: Clients): Promise<Map<string, Answer>> {
  const memory = createMemory();
  const answers = new Map<string, Answer>();
  for (const { name, play } of script) {
    if (answers.has(name)) throw new Error(`two steps are called "${name}"`);
    answers.set(name, await answerOf(async () => play(clients, memory)));
  }
  return answers;
}

function createMemory(): Memory {
  const known = new Map<string, string>();
  return {
    recall: (name) => {
      const value = known.get(name);
      if (value === undefined) throw new Error(`nobody remembered ${name}`);
      return value;
    },
    remember: (name, value) => {
      if (value !== undefined) known.set(name, value);
    },
  };
}
