import { ATTACK_CALLS } from './attack-calls.js';
import type { LogRecord } from './log-record.js';
import { append, byText, distinct } from './values.js';

/** v19 (2026-05) split Defense Evasion; ids before it are translated (aws-domain 6). */
export const ATTACK_VERSION = '19';

/** A technique with the calls that prove it. */
export interface AttackRow {
  readonly technique: string;
  readonly attackVersion: string;
  readonly events: readonly string[];
  readonly provedBy: string;
  /** False where every call of it was refused: tried, not done. */
  readonly succeeded: boolean;
}

const TECHNIQUES = techniquesByCall();

/** The techniques a call may serve, by its service and name. */
export function techniquesOf(record: LogRecord): readonly string[] {
  return TECHNIQUES.get(`${record.source.replace(/\.amazonaws\.com$/, '')} ${plainName(record.name)}`) ?? [];
}

/** The name without Lambda's and CloudFront's API date and version: `CreateFunction20150331`. */
export function plainName(name: string): string {
  return name.replace(/_?20\d{6}(v\d+)?$|20\d\d_\d\d_\d\d$/, '');
}

/** One row per technique, ordered by id; `records` in order of time. */
export function attackOf(records: readonly LogRecord[]): AttackRow[] {
  const rows = new Map<string, LogRecord[]>();
  for (const record of records) {
    for (const technique of techniquesOf(record)) append(rows, technique, record);
  }
  return [...rows.entries()]
    .toSorted(([a], [b]) => byText(a, b))
    .map(([technique, proof]) => ({
      technique,
      attackVersion: ATTACK_VERSION,
      events: distinct(proof.map((record) => record.name)),
      provedBy: proof[0]?.id ?? '',
      succeeded: proof.some((record) => record.error === undefined),
    }));
}

function techniquesByCall(): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [technique, calls] of ATTACK_CALLS) {
    for (const group of calls.split('; ')) {
      const [service = '', ...names] = group.split(' ');
      for (const name of names) found.set(`${service} ${name}`, [...(found.get(`${service} ${name}`) ?? []), technique]);
    }
  }
  return found;
}
