import { terminalText } from './terminal-text.js';

/** What is seen now, lines encoded, and whether anything can still change. */
export interface Frame {
  readonly lines: readonly string[];
  readonly isOver: boolean;
}

export interface FollowDeps {
  /**
   * `undefined` when somebody stopped it meanwhile.
   *
   * @throws when it cannot be read: the first time that ends it, later it is shown and tried again.
   */
  readonly read: () => Promise<Frame | undefined>;
  readonly draw: (lines: readonly string[]) => void;
  /** Waits for the next look; false = somebody wants to stop. */
  readonly pause: () => Promise<boolean>;
}

/** Looks again and again, and draws only what has changed, until it is over or stopped. */
export async function follow({ read, draw, pause }: FollowDeps): Promise<void> {
  let frame = await read();
  let drawn: string | undefined;
  while (frame !== undefined) {
    const seen = frame;
    const text = seen.lines.join('\n');
    if (text !== drawn) draw(seen.lines);
    drawn = text;
    if (seen.isOver || !(await pause())) return;
    frame = await read().catch((error: unknown) => withTrouble(seen, error));
  }
}

const TROUBLE = 'NOT UP TO DATE: ';

/** What was last seen stays on the screen, under a line that says that it may have changed since. */
function withTrouble({ lines }: Frame, error: unknown): Frame {
  const why = terminalText(error instanceof Error ? error.message : 'no answer');
  const seen = lines[0]?.startsWith(TROUBLE) === true ? lines.slice(1) : lines;
  return { lines: [`${TROUBLE}${why}; trying again`, ...seen], isOver: false };
}
