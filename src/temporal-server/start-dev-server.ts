import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { childEnvironment } from '../config/env.js';
import { freePort } from './free-port.js';
import { endOrphan, removePidFile, writePidFile } from './pid-file.js';
import { endProcess } from './processes.js';
import type { Progress } from './progress.js';
import { registerSearchAttributes, type SearchAttributeKeys } from './register-search-attributes.js';
import { resolveTemporalCli } from './resolve-temporal-cli.js';

export interface DevServerOptions {
  /** The database, log and pid file go to `<dataDir>/temporal`. */
  readonly dataDir: string;
  /** Loopback ports; free ones when left out. Give the old ones to restart under the same address. */
  readonly port?: number;
  readonly uiPort?: number;
  readonly namespace?: string;
  readonly searchAttributes: SearchAttributeKeys;
  readonly onProgress?: Progress;
}

export interface DevServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly namespace: string;
  readonly pid: number;
  /** Ends the server by its pid; the data stays. Safe to call twice. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const STOP_GRACE_MS = 10_000;
const POLL_MS = 50;
/** Open incidents and their histories outlive a restart of everything. */
const RETENTION = msToTs(90 * 86_400_000);

/**
 * Starts a Temporal server with UI on a file database. When this process dies the server lives on;
 * the next start on the same folder ends it by pid.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { namespace = 'default', onProgress = () => undefined } = options;
  const folder = join(options.dataDir, 'temporal');
  const [database, pidFile, logFile] = [join(folder, 'temporal.db'), join(folder, 'server.json'), join(folder, 'server.log')];
  await mkdir(folder, { recursive: true });
  await endOrphan(pidFile, database, onProgress);

  const executable = await resolveTemporalCli(onProgress);
  const port = options.port ?? (await freePort());
  const uiPort = options.uiPort ?? (await freePort());
  const address = `127.0.0.1:${port}`;
  const child = await launch(
    executable,
    ['--port', String(port), '--ui-port', String(uiPort), '--namespace', namespace, '--db-filename', database],
    logFile,
  );
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${executable} could not be started`);
  await writePidFile(pidFile, pid, address);

  const stop = async (): Promise<void> => {
    await endProcess(pid, STOP_GRACE_MS);
    await removePidFile(pidFile);
  };
  try {
    await prepare({ address, namespace, keys: options.searchAttributes, child, logFile });
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, uiUrl: `http://127.0.0.1:${uiPort}`, namespace, pid, stop };
}

async function launch(executable: string, args: string[], logFile: string): Promise<ChildProcess> {
  const log = await open(logFile, 'a');
  // WAL without fsync doubles the throughput; a power cut may lose the last moments of a dev server (temporal-servers.md 1).
  const pragmas = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=off'];
  const child = spawn(executable, ['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn', ...args, ...pragmas], {
    env: childEnvironment(),
    stdio: ['ignore', log.fd, log.fd],
    // Its own group: Ctrl-C reaches us first, and we stop it in order.
    detached: true,
  });
  child.on('error', () => undefined);
  child.unref();
  await log.close();
  return child;
}

interface Starting {
  readonly address: string;
  readonly namespace: string;
  readonly keys: SearchAttributeKeys;
  readonly child: ChildProcess;
  readonly logFile: string;
}

async function prepare(starting: Starting): Promise<void> {
  const connection = await untilReady(starting);
  try {
    const config = { workflowExecutionRetentionTtl: RETENTION };
    await retryFor(starting, () => connection.workflowService.updateNamespace({ namespace: starting.namespace, config }));
    await registerSearchAttributes(connection, starting.namespace, starting.keys);
  } finally {
    await connection.close();
  }
}

function untilReady(starting: Starting): Promise<Connection> {
  return retryFor(starting, async () => {
    const connection = await Connection.connect({ address: starting.address, connectTimeout: 1_000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: starting.namespace });
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  });
}

async function retryFor<T>({ child, logFile }: Starting, attempt: () => Promise<T>): Promise<T> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const ended = child.exitCode !== null || child.signalCode !== null;
      if (ended || Date.now() > until) throw new Error(`the Temporal dev server did not start: ${await tail(logFile)}`, { cause: error });
      await sleep(POLL_MS);
    }
  }
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-3).join(' | ').slice(-600) || `see ${file}`;
}
