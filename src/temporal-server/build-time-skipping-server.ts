import { spawn } from 'node:child_process';
import { access, chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packagePath } from '../config/paths.js';
import type { BuildResult } from './build-temporal-cli.js';
import { freePort } from './free-port.js';
import type { Progress } from './progress.js';
import { runCommand } from './run-command.js';

/** The pinned artefact, as a Maven project. */
export const TIME_SKIPPING_POM = packagePath('src', 'deploy', 'time-skipping', 'pom.xml');

const COPY_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const MAVEN_TIMEOUT_MS = 10 * 60_000;
const TRAINING_TIMEOUT_MS = 30_000;
const MAIN_CLASS = 'io.temporal.testserver.TestServer';

/**
 * Fetches the Java server with Maven and makes a class-data archive for it: the SDK gives it 5 s to
 * start, plain Java needs up to 4.4 s of them, with the archive 0.8 s.
 */
export async function buildTimeSkippingServer(folder: string, onProgress: Progress): Promise<BuildResult> {
  const lacking = await lackingTool();
  if (lacking !== undefined) return { why: lacking };
  await mkdir(folder, { recursive: true });
  const lib = join(folder, 'lib');
  if (!(await exists(lib))) {
    onProgress('fetching the time-skipping test server with Maven: once, about 20 s');
    const scratch = join(folder, `lib.${process.pid}`);
    const args = ['-q', '-B', '-f', TIME_SKIPPING_POM, COPY_GOAL, '-DincludeScope=runtime', `-DoutputDirectory=${scratch}`];
    const fetched = await runCommand('mvn', args, { timeoutMs: MAVEN_TIMEOUT_MS });
    if (!fetched.ok) return { why: `mvn failed (${fetched.why})` };
    await rename(scratch, lib).catch(() => rm(scratch, { recursive: true, force: true }));
  }
  onProgress('making its class-data archive');
  // The archive holds only for this very class path, so it is made after the jars are in place.
  const classPath = (await readdir(lib))
    .sort()
    .map((jar) => join(lib, jar))
    .join(':');
  const archive = join(folder, 'server.jsa');
  await train(classPath, archive);
  return { path: await writeWrapper(folder, classPath, archive) };
}

async function train(classPath: string, archive: string): Promise<void> {
  const port = await freePort();
  const scratch = `${archive}.${process.pid}`;
  const java = spawn('java', ['-XX:+UseSerialGC', `-XX:ArchiveClassesAtExit=${scratch}`, '-cp', classPath, MAIN_CLASS, String(port)], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((done) => {
    java.once('error', () => done());
    java.once('exit', () => done());
  });
  const until = Date.now() + TRAINING_TIMEOUT_MS;
  while (Date.now() < until && !(await answers(port))) await sleep(100);
  java.kill('SIGTERM');
  await Promise.race([ended, sleep(TRAINING_TIMEOUT_MS, undefined, { ref: false })]);
  java.kill('SIGKILL');
  // Without an archive the server still starts, only slower.
  await rename(scratch, archive).catch(() => undefined);
}

async function writeWrapper(folder: string, classPath: string, archive: string): Promise<string> {
  const path = join(folder, 'temporal-test-server');
  const share = (await exists(archive)) ? `-XX:SharedArchiveFile='${archive}' -Xshare:auto` : '';
  const flags = `-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx512m ${share} -Xlog:disable -Xlog:all=off`;
  await writeFile(`${path}.tmp`, `#!/bin/sh\nexec java ${flags} -cp '${classPath}' ${MAIN_CLASS} "$@"\n`);
  await chmod(`${path}.tmp`, 0o755);
  await rename(`${path}.tmp`, path);
  return path;
}

async function lackingTool(): Promise<string | undefined> {
  for (const [tool, flag] of [
    ['java', '-version'],
    ['mvn', '-version'],
  ] as const) {
    const result = await runCommand(tool, [flag], { timeoutMs: 20_000 });
    if (!result.ok) return `no ${tool} on PATH`;
  }
  return undefined;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (open: boolean) => (): void => {
      socket.destroy();
      done(open);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}
