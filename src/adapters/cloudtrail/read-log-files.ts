import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ReadFaults, UnreadableText } from '../../domain/lineage/completeness.js';
import { betterVersion } from '../../domain/lineage/log-index.js';
import { type LogRecord, readLogRecord } from '../../domain/lineage/log-record.js';
import { isObject, textAt, valueAt } from '../../domain/lineage/values.js';
import { ObjectSplitter } from './split-objects.js';

/** What a log looks like by name; anything named on the command line is read whatever its name. */
const LOG_NAME = /\.(json|jsonl|ndjson|log|txt)(\.gz)?$|\.gz$/i;
/** CloudTrail's own checksums lie beside the logs and hold no records. */
const NOT_LOGS = new Set(['CloudTrail-Digest', 'node_modules', '.git']);

/** The records of the files, each event once, and what could not be read. */
export interface LogFiles {
  readonly records: ReadonlyMap<string, LogRecord>;
  readonly faults: ReadFaults;
  /** How the records were spread: for people, no part of the answer. */
  readonly input: { readonly files: number; readonly duplicates: number; readonly broken: readonly string[] };
}

/** The named file or folder does not exist or may not be read. */
export class UnreadablePathError extends Error {
  override readonly name = 'UnreadablePathError';
}

/**
 * Reads CloudTrail logs as streams: plain or gz (told by content), `{"Records":[…]}`, a bare array or one record a line.
 * Broken texts and files are counted and named, never fatal.
 *
 * @throws UnreadablePathError when a named path cannot be opened at all.
 */
export async function readLogFiles(paths: readonly string[]): Promise<LogFiles> {
  const files = [...new Set((await Promise.all(paths.map(filesAt))).flat())].toSorted();
  const collector = new Collector();
  for (const file of files) await collector.read(file);
  return collector.result(files.length);
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UnreadablePathError(`${path} cannot be read (${codeOf(cause)})`);
  });
  return found.isDirectory() ? filesIn(path) : [path];
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && LOG_NAME.test(entry.name)).map((entry) => join(folder, entry.name));
  for (const entry of entries) {
    if (entry.isDirectory() && !NOT_LOGS.has(entry.name)) files.push(...(await filesIn(join(folder, entry.name))));
  }
  return files;
}

class Collector {
  readonly #records = new Map<string, LogRecord>();
  readonly #unreadable = new Map<string, UnreadableText>();
  readonly #unreadFiles: { path: string; reason: string }[] = [];
  readonly #conflicts = new Set<string>();
  readonly #broken: string[] = [];
  #duplicates = 0;

  async read(path: string): Promise<void> {
    const splitter = new ObjectSplitter({
      object: (bytes) => this.#take(bytes, path),
      broken: (head, bytes, reason) => this.#refuse({ head, bytes, reason, path }),
    });
    try {
      for await (const chunk of await contentOf(path)) if (Buffer.isBuffer(chunk)) splitter.push(chunk);
    } catch (error) {
      this.#unreadFiles.push({
        path,
        reason: codeOf(error) === 'Z_BUF_ERROR' ? 'gzip data ends too early' : `cannot be read (${codeOf(error)})`,
      });
    }
    splitter.end();
  }

  result(files: number): LogFiles {
    const faults = { unreadable: [...this.#unreadable.values()], unreadFiles: this.#unreadFiles, conflicts: [...this.#conflicts] };
    return { records: this.#records, faults, input: { files, duplicates: this.#duplicates, broken: this.#broken } };
  }

  #take(bytes: Buffer, path: string): void {
    const record = recordIn(bytes.toString('utf8'));
    if (typeof record === 'string') return this.#refuse({ head: bytes, bytes: bytes.length, reason: record, path });
    const had = this.#records.get(record.id);
    if (had === undefined) return void this.#records.set(record.id, record);
    this.#duplicates += 1;
    if (JSON.stringify(had) === JSON.stringify(record)) return;
    const better = betterVersion(had, record);
    if (had.isCorrection === record.isCorrection && betterVersion(record, had) !== better) return;
    if (had.isCorrection === record.isCorrection) this.#conflicts.add(record.id);
    this.#records.set(record.id, better);
  }

  #refuse({ head, bytes, reason, path }: { head: Buffer; bytes: number; reason: string; path: string }): void {
    const sha256 = createHash('sha256').update(head).digest('hex');
    this.#unreadable.set(sha256, { sha256, bytes, reason });
    this.#broken.push(`${path}: ${reason} (${bytes} bytes, sha256 ${sha256.slice(0, 12)})`);
  }
}

/** The record in a text, out of the envelopes of LookupEvents, EventBridge and labelled samples; the reason where there is none. */
function recordIn(text: string): LogRecord | string {
  try {
    const value: unknown = JSON.parse(text);
    const embedded = textAt(value, 'CloudTrailEvent');
    if (embedded !== undefined) return readLogRecord(JSON.parse(embedded));
    const inner = ['detail', 'event'].map((name) => valueAt(value, name)).find((one) => isObject(one) && 'eventName' in one);
    return readLogRecord(inner ?? value);
  } catch {
    return 'not valid JSON';
  }
}

async function contentOf(path: string): Promise<Readable> {
  const head = await headOf(path);
  const source = createReadStream(path, { highWaterMark: 1024 * 1024 });
  if (head[0] !== 0x1f || head[1] !== 0x8b) return source;
  // The error reaches the reader of the result.
  return pipeline(source, createGunzip({ chunkSize: 1024 * 1024 }), () => undefined);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(2);
    await file.read(head, 0, 2, 0);
    return head;
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
