import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './run-command.js';

const POLL_MS = 50;

/** Whether a process of this id exists and has not ended (a zombie has). */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/^\d+ \(.*\) Z/.test(stat);
}

/** The command line of a process, by /proc or `ps`; empty when it is gone. Ids are re-used, command lines tell. */
export async function commandLine(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (fromProc !== undefined) return fromProc.split('\0').join(' ').trim();
  const listed = await runCommand('ps', ['-o', 'args=', '-p', String(pid)], { timeoutMs: 5_000 });
  return listed.ok ? listed.output.trim() : '';
}

/** Ends one process by id: SIGTERM, then SIGKILL when it is still there after `graceMs`. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const until = Date.now() + graceMs;
    while (Date.now() < until) {
      if (!(await isAlive(pid))) return;
      await sleep(POLL_MS);
    }
  }
}
