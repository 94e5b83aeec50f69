import { setTimeout as realDelay } from 'node:timers/promises';

type Priority = 'write' | 'proof' | 'investigation';
interface Line {
  readonly waiting: Record<Priority, (() => void)[]>;
  serving: boolean;
}

/** Hands out turns per key, `gapMs` apart; whoever is about to write goes before whoever proves, and he before whoever investigates. */
export function createTurns(
  gapMs: number,
  delay: (ms: number) => Promise<unknown> = realDelay,
): (key: string, priority: Priority) => Promise<void> {
  const lines = new Map<string, Line>();

  async function serve(line: Line): Promise<void> {
    line.serving = true;
    for (let next = take(line); next !== undefined; next = take(line)) {
      next();
      await delay(gapMs);
    }
    line.serving = false;
  }

  return (key, priority) =>
    new Promise((resolve) => {
      const line = lines.get(key) ?? { waiting: { write: [], proof: [], investigation: [] }, serving: false };
      lines.set(key, line);
      line.waiting[priority].push(resolve);
      if (!line.serving) void serve(line);
    });
}

function take({ waiting }: Line): (() => void) | undefined {
  return waiting.write.shift() ?? waiting.proof.shift() ?? waiting.investigation.shift();
}
