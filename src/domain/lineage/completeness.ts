import type { LogRecord } from './log-record.js';
import { isoSecond } from './times.js';
import { byText, distinct } from './values.js';

/** A text that is no record, named by its content: the same whatever file it came in. */
export interface UnreadableText {
  readonly sha256: string;
  readonly bytes: number;
  readonly reason: string;
}

/** What could not be read. */
export interface ReadFaults {
  readonly unreadable: readonly UnreadableText[];
  readonly unreadFiles: readonly { readonly path: string; readonly reason: string }[];
  /** Event ids that came with two contents. */
  readonly conflicts: readonly string[];
}

/** What the answer rests on. Holds nothing that depends on how the records were spread over files. */
export interface Completeness {
  readonly incomplete: boolean;
  readonly reasons: readonly string[];
  readonly records: number;
  readonly unreadable: { readonly count: number; readonly texts: readonly UnreadableText[] };
  readonly unreadFiles: ReadFaults['unreadFiles'];
  readonly from: string | null;
  readonly to: string | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
  readonly dataEvents: boolean;
  readonly notContained: readonly string[];
  readonly outsiders: readonly string[];
  readonly limits: readonly string[];
}

export interface Basis {
  readonly faults: ReadFaults;
  readonly window: { readonly since?: number | undefined; readonly until: number };
  readonly records: readonly LogRecord[];
  readonly seedFound: boolean;
  readonly thiefFound: boolean;
  readonly reasons: readonly string[];
  readonly notContained: readonly string[];
  readonly outsiders: readonly string[];
}

const MAX_NAMED = 50;

/** States what was read, what was not, and why the answer may lack something. */
export function completenessOf(basis: Basis): Completeness {
  const { records, faults } = basis;
  const dataEvents = records.some((record) => record.isData);
  const reasons = distinct([...basis.reasons, ...faultReasons(basis)]);
  return {
    incomplete: reasons.length > 0,
    reasons,
    records: records.length,
    unreadable: {
      count: faults.unreadable.length,
      texts: faults.unreadable.toSorted((a, b) => byText(a.sha256, b.sha256)).slice(0, MAX_NAMED),
    },
    unreadFiles: faults.unreadFiles.toSorted((a, b) => byText(a.path, b.path)).slice(0, MAX_NAMED),
    from: instant(records[0]?.at),
    to: instant(records.at(-1)?.at),
    since: instant(basis.window.since),
    until: instant(basis.window.until),
    regions: distinct(records.map((record) => record.region)),
    accounts: distinct(records.map((record) => record.account)),
    dataEvents,
    notContained: basis.notContained,
    outsiders: distinct(basis.outsiders),
    limits: [
      ...(dataEvents ? [] : ['the logs hold no data events: reads of objects and invocations do not show']),
      'only the given files were read: no Event history, no other region or account, no current state',
      'records are delivered late (about 15 minutes): run again with newer files',
    ],
  };
}

function faultReasons({ faults, seedFound, thiefFound }: Basis): (string | undefined)[] {
  return [
    faults.unreadable.length > 0 ? 'some texts are no readable records' : undefined,
    faults.unreadFiles.length > 0 ? 'some files could not be read to their end' : undefined,
    faults.conflicts.length > 0 ? 'some event ids came with two different contents' : undefined,
    seedFound ? undefined : 'the seed does not occur in the logs',
    seedFound && !thiefFound ? 'no use by the thief was found' : undefined,
  ];
}

function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : isoSecond(ms);
}
