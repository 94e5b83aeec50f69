import type { Alert } from '../../contracts/alert.js';
import type { AlertLedger, IncidentState } from '../../contracts/incident.js';
import type { Severity } from '../../contracts/primitives.js';

const KEPT = 5;
const SEEN = 2000;
const SEVERITIES: readonly Severity[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

/** `source|alertId|bodySha256`: the same delivery twice is one alert, an update with news is another. */
export function alertKey(alert: Alert): string {
  return `${alert.source}|${alert.alertId}|${alert.bodySha256}`;
}

/** An empty ledger. */
export function newLedger(): AlertLedger {
  return { total: 0, bySource: {}, seen: [], kept: [] };
}

/**
 * Takes an alert in. A repeat changes nothing.
 *
 * @returns true when it was new.
 */
export function takeAlert(state: IncidentState, alert: Alert): boolean {
  const ledger = state.alerts;
  const key = alertKey(alert);
  if (ledger.seen.includes(key)) return false;
  ledger.total += 1;
  ledger.bySource[alert.source] = (ledger.bySource[alert.source] ?? 0) + 1;
  ledger.seen.push(key);
  if (ledger.seen.length > SEEN) ledger.seen.splice(0, ledger.seen.length - SEEN);
  ledger.kept = mostTelling([...ledger.kept, alert]);
  if (SEVERITIES.indexOf(alert.severity) > SEVERITIES.indexOf(state.severity)) state.severity = alert.severity;
  return true;
}

/** The alert that carries an authority: a public key first, else the highest score. */
export function strongestAlert(alerts: readonly Alert[]): Alert | undefined {
  return mostTelling([...alerts])[0];
}

/** Keys of the kept alerts that say more than "a call was refused": they alone are news to a containment. */
export function factsKey(ledger: AlertLedger): string {
  return factsOf(ledger).map(alertKey).join('\n');
}

/** Kept alerts with news. */
export function factsOf(ledger: AlertLedger): Alert[] {
  return ledger.kept.filter((alert) => !alert.deniedOnly);
}

/** Second sources and unusual facts tell more than a fifth copy of the same finding, so those stay. */
function mostTelling(alerts: Alert[]): Alert[] {
  const ranked = alerts.toSorted((a, b) => weight(b) - weight(a) || alertKey(a).localeCompare(alertKey(b)));
  const firstOfSource = ranked.filter((alert, index) => ranked.findIndex((other) => other.source === alert.source) === index);
  const rest = ranked.filter((alert) => !firstOfSource.includes(alert));
  const kept = new Set([...firstOfSource, ...rest].slice(0, KEPT));
  return ranked.filter((alert) => kept.has(alert));
}

function weight({ facts, deniedOnly }: Alert): number {
  const flags = [
    facts.attackSequence,
    facts.torOrMaliciousIp,
    facts.credentialExfiltration,
    facts.anomalousBehavior,
    facts.penTestTool,
    facts.reportedByPerson,
  ];
  return (facts.publicExposure ? 1000 : 0) + facts.score * 10 + flags.filter(Boolean).length - (deniedOnly ? 500 : 0);
}
