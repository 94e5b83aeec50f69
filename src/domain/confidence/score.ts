import type { Alert } from '../../contracts/alert.js';
import type { BlastRadius } from '../../contracts/plan.js';
import type { Confidence, SignalId } from '../../contracts/policies.js';
import type { OwnerStatement, Verdict } from '../../contracts/verdict.js';
import { splitCallers } from '../cloudtrail/callers.js';

/** GuardDuty's own line between medium and high. */
const HIGH_SCORE = 7;

/** CloudTrail's delivery allowance (aws-domain 5.1). */
const CLOUDTRAIL_DELIVERY_MS = 900_000;

/** What the verdict rests on. Parts AWS would not tell are `undefined` and give no signal either way. */
export interface ScoreInput {
  readonly alerts: readonly Alert[];
  readonly ownerStatements: readonly OwnerStatement[];
  readonly ownerSubjects: readonly string[];
  readonly callers: BlastRadius['callers'] | undefined;
  readonly awsQuarantined: boolean | undefined;
  readonly scoredAt: string;
}

/** Sums the weights of the signals that fired (design 5). */
export function scoreAlerts(input: ScoreInput, confidence: Confidence): Verdict {
  const fired = firedSignals(input);
  const signals = confidence.signals.filter((signal) => fired.has(signal.id)).map(({ id, weight, reason }) => ({ id, weight, reason }));
  const sum = signals.reduce((total, signal) => total + signal.weight, 0);
  return {
    verdict: verdictOf(sum, confidence, { fired, alerts: input.alerts }),
    sum,
    confirmedFrom: confidence.confirmed,
    suspectedFrom: confidence.suspected,
    signals,
    confidenceVersion: confidence.version,
    scoredAt: input.scoredAt,
  };
}

/**
 * The owner's word alone never makes an alert benign: what it would push below `suspected` stays with a person. So does an alert
 * that came for review: nothing was known that could be weighed.
 */
function verdictOf(
  sum: number,
  confidence: Confidence,
  { fired, alerts }: { fired: ReadonlySet<SignalId>; alerts: readonly Alert[] },
): Verdict['verdict'] {
  if (sum >= confidence.confirmed) return 'confirmed';
  const forReview = alerts.some(({ disposition }) => disposition === 'review');
  return sum >= confidence.suspected || fired.has('ownerSaysWasMe') || forReview ? 'suspected' : 'benign';
}

function firedSignals(input: ScoreInput): Set<SignalId> {
  const fired = new Set<SignalId>();
  const add = (id: SignalId, holds: boolean | undefined): void => {
    if (holds === true) fired.add(id);
  };
  const some = (test: (facts: Alert['facts']) => boolean): boolean => input.alerts.some((alert) => test(alert.facts));
  add(
    'publicExposure',
    some((facts) => facts.publicExposure),
  );
  add(
    'attackSequence',
    some((facts) => facts.attackSequence),
  );
  add(
    'credentialExfiltration',
    some((facts) => facts.credentialExfiltration),
  );
  add(
    'torOrMaliciousIp',
    some((facts) => facts.torOrMaliciousIp),
  );
  add(
    'penTestTool',
    some((facts) => facts.penTestTool),
  );
  add(
    'anomalousBehavior',
    some((facts) => facts.anomalousBehavior),
  );
  add(
    'reportedByPerson',
    some((facts) => facts.reportedByPerson),
  );
  add(
    'highSeverity',
    some((facts) => facts.score >= HIGH_SCORE),
  );
  add('secondSource', new Set(input.alerts.map((alert) => alert.origin ?? alert.source)).size > 1);
  add('awsQuarantined', input.awsQuarantined);
  addCallerSignals(input, add);
  const saidByOwner = (says: OwnerStatement['says']): boolean =>
    input.ownerStatements.some((statement) => statement.says === says && input.ownerSubjects.includes(statement.subject));
  add('ownerSaysNotMe', saidByOwner('notMe'));
  add('ownerSaysWasMe', saidByOwner('wasMe'));
  return fired;
}

function addCallerSignals({ alerts, callers, scoredAt }: ScoreInput, add: (id: SignalId, holds: boolean) => void): void {
  if (callers === undefined || alerts.length === 0) return;
  const suspiciousSinceMs = Math.min(...alerts.map((alert) => Date.parse(alert.firstSeenAt)));
  const { known, fresh } = splitCallers(callers, suspiciousSinceMs);
  // Without a past nobody is new and nobody is known.
  if (known.length === 0) return;
  // An address seen before is no new caller, whatever its user agent says; the one the finding names counts too.
  const knownIps = new Set(known.map((caller) => caller.sourceIp));
  const reported = alerts.flatMap((alert) => (alert.facts.remoteIp === undefined ? [] : [alert.facts.remoteIp]));
  const isNew = [...fresh.map((caller) => caller.sourceIp), ...reported].some((ip) => !knownIps.has(ip));
  // "No stranger seen" means something only once CloudTrail has delivered the suspicious time.
  const delivered = alerts.every((alert) => Date.parse(scoredAt) - Date.parse(alert.detectedAt) >= CLOUDTRAIL_DELIVERY_MS);
  add('newCaller', isNew);
  add('knownCallersOnly', !isNew && delivered);
}
