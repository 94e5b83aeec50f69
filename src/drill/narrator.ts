import type { Output } from '../cli/output.js';
import { terminalText } from '../cli/terminal-text.js';

export type Voice = 'drill' | 'range' | 'attacker' | 'cast' | 'incident' | 'page';

/** Prints what happens, as it happens, with the seconds since the drill began. */
export interface Narrator {
  readonly say: (voice: Voice, who: string, text: string) => void;
}

/** Narrates to the terminal; with `json` one object a line, so that a program can follow. */
export function createNarrator({ output, json, nowMs }: { output: Output; json: boolean; nowMs: () => number }): Narrator {
  const startMs = nowMs();
  const { colors } = output;
  const paint: Record<Voice, (text: string) => string> = {
    drill: colors.bold,
    range: colors.dim,
    attacker: colors.red,
    cast: colors.cyan,
    incident: colors.green,
    page: colors.yellow,
  };
  return {
    say(voice, who, text) {
      const seconds = (nowMs() - startMs) / 1000;
      if (json) return output.json({ event: 'line', seconds, voice, who, text });
      output.line(`${seconds.toFixed(1).padStart(6)}s  ${paint[voice](terminalText(who).padEnd(12))} ${terminalText(text)}`);
    },
  };
}
