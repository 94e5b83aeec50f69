import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judgeCliVersion } from '../../../src/temporal-server/cli-version.js';
import { endOrphan } from '../../../src/temporal-server/pid-file.js';
import { commandLine, isAlive } from '../../../src/temporal-server/processes.js';
import { runCommand } from '../../../src/temporal-server/run-command.js';

it.each([
  ['temporal version 0.0.0-DEV (Server 1.32.1, UI 2.55.0)', true, ''],
  ['temporal version 1.6.0 (Server 1.31.0, UI 2.53.1)', true, ''],
  ['temporal version 1.5.1 (Server 1.29.1, UI 2.54.0)', false, 'Server 1.29.1'],
  ['temporal version 1.6.0 (Server 1.31.0, UI 2.49.1)', false, 'UI 2.49.1'],
  ['temporal version 1.6.0 (Server 2.0.0, UI 3.0.0)', true, ''],
  ['something else', false, 'names no Server'],
])('judges %s', (output, usable, why) => {
  const judged = judgeCliVersion(output);

  expect(judged.usable).toBe(usable);
  if (!judged.usable) expect(judged.why).toContain(why);
});

it('reports a tool that is missing, fails or hangs, and ends what hangs', async () => {
  const missing = await runCommand('/no/such/tool', [], { timeoutMs: 1_000 });
  const failing = await runCommand(process.execPath, ['-e', 'console.error("broken"); process.exit(3)'], { timeoutMs: 5_000 });
  const hanging = await runCommand(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 200 });

  expect([missing.ok, failing.ok, hanging.ok]).toEqual([false, false, false]);
  expect(failing.why).toBe('exit code 3: broken');
  expect(hanging.why).toBe('no answer in 0.2 s');
});

it('ends the orphan of a dead run by its pid, and nobody else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-test-'));
  const database = join(folder, 'temporal.db');
  const idle = 'setInterval(() => {}, 1000)';
  const orphan = spawn(process.execPath, ['-e', idle, 'start-dev', database], { stdio: 'ignore' });
  const stranger = spawn(process.execPath, ['-e', idle, 'start-dev', '/another.db'], { stdio: 'ignore' });
  const file = join(folder, 'server.json');
  const entry = (pid: number | undefined, ownerPid: number, ownerCommand: string) =>
    JSON.stringify({ pid, address: '127.0.0.1:1', ownerPid, ownerCommand });
  try {
    await writeFile(file, entry(stranger.pid, 999_999_999, 'gone'));
    await endOrphan(file, database, () => undefined);
    expect(await isAlive(stranger.pid ?? 0)).toBe(true);

    await writeFile(file, entry(orphan.pid, process.pid, await commandLine(process.pid)));
    await expect(endOrphan(file, database, () => undefined)).rejects.toThrow('TEMPORAL_ADDRESS=127.0.0.1:1');

    await writeFile(file, entry(orphan.pid, process.pid, 'an earlier process with this id'));
    await endOrphan(file, database, () => undefined);
    expect(await isAlive(orphan.pid ?? 0)).toBe(false);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  } finally {
    orphan.kill('SIGKILL');
    stranger.kill('SIGKILL');
  }
});
