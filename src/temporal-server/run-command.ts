import { spawn } from 'node:child_process';
import { childEnvironment } from '../config/env.js';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Milliseconds after which the command and its children are killed. */
  readonly timeoutMs: number;
  /** Called with each whole line of stdout and stderr. */
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  readonly ok: boolean;
  readonly output: string;
  /** One line for people: exit code, time-out or why it could not start, and the last line it printed. */
  readonly why: string;
}

/** Bytes of output kept for the error message. */
const KEPT_OUTPUT = 65_536;

/** Runs a tool to its end without a shell. Never throws: a missing tool is a result too. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: childEnvironment(options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own group, so that a time-out ends what it started as well.
      detached: true,
    });
    let output = '';
    let rest = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
    }, options.timeoutMs);
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    };
    const end = (ok: boolean, cause: string): void => {
      clearTimeout(timer);
      done({ ok, output, why: ok ? '' : [cause, lastLine(output)].filter((part) => part !== '').join(': ') });
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => end(false, error.message));
    child.on('close', (code) => end(code === 0, timedOut ? `no answer in ${options.timeoutMs / 1000} s` : `exit code ${code ?? 'none'}`));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the same moment.
  }
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}
