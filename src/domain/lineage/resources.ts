import { plainName } from './attack.js';
import type { LogIndex } from './log-index.js';
import type { LogRecord } from './log-record.js';
import { isRemoval, isWrite, nounOf, type Touched, touchedBy, undoes } from './touched.js';
import { append, byText } from './values.js';

export interface ResourceRow {
  readonly arn: string;
  readonly type: string;
  readonly action: string;
  readonly provedBy: string;
  readonly present: boolean;
}

/** What the thief made or changed, once per thing and call, and whether it is still there. `records` in order of cause. */
export function resourcesOf(records: readonly LogRecord[], index: LogIndex): ResourceRow[] {
  const made = records.filter((record) => record.error === undefined && isWrite(record));
  const later = undoings(made, index);
  const rows = new Map<string, ResourceRow>();
  for (const record of made) {
    for (const touched of touchedBy(record)) {
      const action = plainName(record.name);
      const key = `${touched.arn} ${action} ${touched.detail ?? ''}`;
      const present = !isRemoval(record.name) && !isUndone({ record, touched }, later.get(touched.arn) ?? []);
      const { provedBy = record.id } = rows.get(key) ?? {};
      rows.set(key, { arn: touched.arn, type: touched.type, action, provedBy, present });
    }
  }
  return [...rows.values()].toSorted((a, b) => byText(a.arn, b.arn) || byText(a.action, b.action) || byText(a.provedBy, b.provedBy));
}

interface Change {
  readonly record: LogRecord;
  readonly touched: Touched;
}

/** Removals by anyone, by the thing removed; only of services that the thief changed. */
function undoings(made: readonly LogRecord[], index: LogIndex): Map<string, Change[]> {
  const sources = new Set(made.map((record) => record.source));
  const found = new Map<string, Change[]>();
  for (const [name, records] of index.byName) {
    if (!isRemoval(name) && !/^(Start|Enable|Create|Put|Attach)/.test(name)) continue;
    for (const record of records) {
      if (record.error !== undefined || !sources.has(record.source)) continue;
      for (const touched of touchedBy(record)) append(found, touched.arn, { record, touched });
    }
  }
  return found;
}

function isUndone({ record, touched }: Change, later: readonly Change[]): boolean {
  return later.some((other) => {
    if (other.record.id === record.id || other.record.at < record.at) return false;
    const sameDetail = other.touched.detail === touched.detail || other.touched.detail === undefined;
    if (undoes(other.record.name, record.name)) return sameDetail;
    // With the thing itself goes all that was done to it.
    return /^(Delete|Terminate|Deregister|Schedule.*Deletion)/.test(other.record.name) && nounOf(other.record.name) === touched.noun;
  });
}
