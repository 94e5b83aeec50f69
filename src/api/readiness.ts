import type { ReadyAnswer } from '../contracts/api.js';
import { plainText } from '../domain/engine/plain-text.js';
import type { Probe } from './api-deps.js';

/** A part that has not answered by then counts as failed. */
const PROBE_WITHIN_MS = 3_000;
/** Load balancers ask every second or so; AWS and Jira should not be asked as often. */
const CACHED_MS = 5_000;
const DETAIL_CHARACTERS = 200;

/** Asks every part at most every 5 s; whoever asks meanwhile gets the last answer, or waits for the one under way. */
export function createReadiness(probes: Readonly<Record<string, Probe>>, now: () => Date): () => Promise<ReadyAnswer> {
  let last: { readonly atMs: number; readonly answer: Promise<ReadyAnswer> } | undefined;
  return () => {
    const nowMs = now().getTime();
    if (last === undefined || nowMs - last.atMs >= CACHED_MS) last = { atMs: nowMs, answer: askAll(probes, now) };
    return last.answer;
  };
}

async function askAll(probes: Readonly<Record<string, Probe>>, now: () => Date): Promise<ReadyAnswer> {
  const parts = await Promise.all(Object.entries(probes).map(async ([name, probe]) => [name, await ask(probe)] as const));
  return { ready: parts.every(([, { ok }]) => ok), checkedAt: now().toISOString(), parts: Object.fromEntries(parts) };
}

async function ask(probe: Probe): Promise<{ ok: boolean; detail: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PROBE_WITHIN_MS / 1_000} s`)), PROBE_WITHIN_MS);
  });
  try {
    return { ok: true, detail: plainText(await Promise.race([probe(), late]), DETAIL_CHARACTERS) };
  } catch (error) {
    return { ok: false, detail: plainText(error instanceof Error ? error.message : 'failed', DETAIL_CHARACTERS) };
  } finally {
    clearTimeout(timer);
  }
}
