import type { DescentEdge } from '../../contracts/authority.js';
import type { Rails, TierFact } from '../../contracts/policies.js';
import type { Tier } from '../../contracts/primitives.js';
import type { Alert } from '../../contracts/alert.js';
import type { BlastRadius } from '../../contracts/plan.js';
import { isIntrudersAlone } from '../engine/descent.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';

const ORDER: readonly Tier[] = ['A0', 'A1', 'A2', 'A3'];
/** GuardDuty's own line between medium and high. */
const HIGH_SCORE = 7;

/** What the tier rests on. `alerts` are only those whose receipt was verified. */
export interface TierInput {
  /** The plan freezes minting in the whole account. */
  readonly freezesAccount?: boolean;
  /** CloudTrail shows that the intruder made it or became it. */
  readonly descent?: readonly Pick<DescentEdge, 'how'>[] | undefined;
  /** Only known sessions of the intruder are stopped. */
  readonly sessionsOnly?: boolean;
  readonly snapshot: Pick<PrincipalSnapshot, 'tags' | 'keys' | 'notRead'>;
  readonly blastRadius: BlastRadius;
  readonly alerts: readonly Alert[];
  readonly rails: Rails;
}

/** The first row of `rails.yaml` whose facts all hold. */
export function tierFor(input: TierInput): { tier: Tier; reasons: string[]; quorum: number } {
  const facts = tierFacts(input);
  const row = input.rails.tiers.find((candidate) => candidate.when.every((fact) => facts.has(fact)));
  // No row at all: the strictest one that a person can still answer.
  const tier = row?.tier ?? 'A2';
  return { tier, reasons: [row?.why ?? 'no row of rails.yaml applies'], quorum: input.rails.quorum[tier] };
}

/** Is `a` a stricter tier than `b`? */
export function isStricter(a: Tier, b: Tier): boolean {
  return ORDER.indexOf(a) > ORDER.indexOf(b);
}

function tierFacts({ snapshot, blastRadius, alerts, rails, ...input }: TierInput): Set<TierFact> {
  const facts = new Set<TierFact>();
  const keys = new Set(snapshot.keys.map((key) => key.accessKeyId));
  if (snapshot.tags[rails.tags.criticality] === 'critical') facts.add('criticalityCritical');
  if (snapshot.tags[rails.tags.autoContain] === 'deny') facts.add('autoContainDenied');
  if (snapshot.notRead.some((part) => part.startsWith('tags'))) facts.add('tagsUnknown');
  if (alerts.some((alert) => alert.facts.publicExposure && keys.has(alert.hints.accessKeyId ?? ''))) facts.add('publicLongTermKey');
  if (alerts.some((alert) => alert.facts.score >= HIGH_SCORE || alert.facts.attackSequence)) facts.add('highScore');
  if (blastRadius.legitimateUseLast24h) facts.add('legitimateUseLast24h');
  if (blastRadius.notRead.length > 0) facts.add('usageUnknown');
  if (input.freezesAccount === true) facts.add('freezesAccount');
  const descent = input.descent ?? [];
  const last = isIntrudersAlone(descent) ? descent.at(-1) : undefined;
  if (last !== undefined) facts.add('descendant');
  if (last !== undefined && (last.how === 'created' || input.sessionsOnly === true)) facts.add('intruderOnly');
  return facts;
}
