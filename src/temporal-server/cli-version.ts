import { runCommand } from './run-command.js';

/** Server 1.31 has the visibility and update behaviour we rely on; UI 2.53 renders Markdown tables. */
const WANTED = { server: [1, 31], ui: [2, 53] } as const;
const VERSION_TIMEOUT_MS = 10_000;

export type CliJudgement = { readonly usable: true; readonly version: string } | { readonly usable: false; readonly why: string };

/**
 * Judges the output of `temporal --version`, e.g. `0.0.0-DEV (Server 1.32.1, UI 2.55.0)`. The CLI's own
 * number says nothing when it was built from source: only the brackets count.
 */
export function judgeCliVersion(output: string): CliJudgement {
  const server = /Server (\d+)\.(\d+)[^\s,)]*/.exec(output);
  const ui = /UI (\d+)\.(\d+)[^\s,)]*/.exec(output);
  if (server === null || ui === null) return { usable: false, why: 'its --version names no Server and UI' };
  const version = `${server[0]}, ${ui[0]}`;
  if (!atLeast(server, WANTED.server)) return { usable: false, why: `it has ${server[0]}, at least Server 1.31 is needed` };
  if (!atLeast(ui, WANTED.ui)) return { usable: false, why: `it has ${ui[0]}, at least UI 2.53 is needed` };
  return { usable: true, version };
}

/** Runs `<path> --version` and judges it. */
export async function judgeCli(path: string): Promise<CliJudgement> {
  const result = await runCommand(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
  return result.ok ? judgeCliVersion(result.output) : { usable: false, why: `it does not run (${result.why})` };
}

function atLeast(found: RegExpExecArray, wanted: readonly [number, number]): boolean {
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major > wanted[0] || (major === wanted[0] && minor >= wanted[1]);
}
