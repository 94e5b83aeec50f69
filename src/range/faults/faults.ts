import { matchesWildcard } from '../policy/wildcard.js';

/** What a fault does. Call effects break the call itself, record effects break what CloudTrail says of it. */
export type FaultEffect =
  | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message?: string }
  | { readonly kind: 'throttle' }
  /** Performs the call, then breaks the connection. */
  | { readonly kind: 'loseAnswer' }
  /** Wire time is real time, also when the account lives in virtual time. */
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'dropRecord' }
  | { readonly kind: 'deliverLate'; readonly seconds: number };

/** Which calls a fault hits; all given parts must fit. `api` and `callerArn` may hold `*`. */
export type FaultMatch = {
  /** e.g. `iam:PutUserPolicy` or `iam:*` */
  readonly api?: string;
  readonly accessKeyId?: string;
  readonly callerArn?: string;
  /** Only for record effects: the record's `errorCode`. */
  readonly errorCode?: string;
};

/** One rule. */
export type FaultRule = {
  readonly id: string;
  readonly match: FaultMatch;
  /** How often it strikes; unlimited by default. */
  readonly times?: number;
  /** How many fitting calls pass untouched first; 0 by default. */
  readonly skip?: number;
  readonly effect: FaultEffect;
};

/** The facts of a call that rules are matched against. */
export type FaultFacts = { readonly api: string; readonly accessKeyId: string; readonly callerArn: string; readonly errorCode?: string };

/** The handle's fault injection. */
export interface Faults {
  /** Adds a rule, replacing one of the same id. */
  add(rule: FaultRule): void;
  remove(id: string): void;
  clear(): void;
  /** Loses every AccessDenied record that fits, so that the sign a containment is proven by never comes. Rule id `suppressSigns`. */
  suppressSigns(match?: FaultMatch): void;
  /** How often a rule has struck; 0 for an unknown one. */
  hits(id: string): number;
  list(): readonly (FaultRule & { readonly hits: number })[];
}

/** The pipeline's side: which effects strike now. */
export interface FaultSource {
  strike(stage: 'call' | 'record', facts: FaultFacts): readonly FaultEffect[];
}

type Entry = { readonly rule: FaultRule; seen: number; hits: number };

/** Makes an empty set of rules. */
export function createFaults(): Faults & FaultSource {
  const entries = new Map<string, Entry>();
  const add = (rule: FaultRule): void => void entries.set(rule.id, { rule, seen: 0, hits: 0 });

  const strikes = (entry: Entry): boolean => {
    entry.seen += 1;
    if (entry.seen <= (entry.rule.skip ?? 0) || entry.hits >= (entry.rule.times ?? Infinity)) return false;
    entry.hits += 1;
    return true;
  };

  return {
    add,
    remove: (id) => void entries.delete(id),
    clear: () => entries.clear(),
    suppressSigns: (match = {}) =>
      add({ id: 'suppressSigns', match: { ...match, errorCode: 'AccessDenied' }, effect: { kind: 'dropRecord' } }),
    hits: (id) => entries.get(id)?.hits ?? 0,
    list: () => [...entries.values()].map(({ rule, hits }) => ({ ...rule, hits })),
    strike: (stage, facts) =>
      [...entries.values()]
        .filter(({ rule }) => stageOf(rule.effect) === stage && fits(rule.match, facts))
        .filter(strikes)
        .map(({ rule }) => rule.effect),
  };
}

function stageOf(effect: FaultEffect): 'call' | 'record' {
  return effect.kind === 'dropRecord' || effect.kind === 'deliverLate' ? 'record' : 'call';
}

function fits(match: FaultMatch, facts: FaultFacts): boolean {
  return (
    (match.api === undefined || matchesWildcard(match.api, facts.api)) &&
    (match.accessKeyId === undefined || match.accessKeyId === facts.accessKeyId) &&
    (match.callerArn === undefined || matchesWildcard(match.callerArn, facts.callerArn)) &&
    (match.errorCode === undefined || match.errorCode === facts.errorCode)
  );
}
