import type { IncidentState } from '../../contracts/incident.js';
import { DAY_MS, toInstant, toMs } from './time.js';

/** Keys whose records belong to the incident: those alerts name and those its containments switch off. */
export function accessKeyIdsOf({ alerts, scope }: IncidentState): string[] {
  const named = alerts.kept.flatMap(({ hints }) => (hints.accessKeyId === undefined ? [] : [hints.accessKeyId]));
  const planned = Object.values(scope).flatMap(({ plan }) => plan?.measures ?? []);
  const keys = planned.filter(({ measure }) => measure === 'deactivateAccessKey').map(({ target }) => target);
  return [...new Set([...named, ...keys])].toSorted();
}

/** First suspicious moment that alerts name. */
export function suspiciousSinceAt({ alerts, clockStartAt }: IncidentState): string {
  return toInstant(Math.min(toMs(clockStartAt), ...alerts.kept.map(({ firstSeenAt }) => toMs(firstSeenAt))));
}

/** A day before the first suspicious moment (aws-domain 5.5): the theft is older than its detection. */
export function evidenceFromAt(state: IncidentState): string {
  return toInstant(toMs(suspiciousSinceAt(state)) - DAY_MS);
}

/** Addresses that alerts name as the intruder's. */
export function suspectIpsOf({ alerts }: IncidentState): string[] {
  return [...new Set(alerts.kept.flatMap(({ facts }) => (facts.remoteIp === undefined ? [] : [facts.remoteIp])))].toSorted();
}

/** Long-term keys that alerts name, with the user in scope who has them. */
export function compromisedKeysOf({ alerts, scope }: IncidentState): { accessKeyId: string; owner: string }[] {
  const named = new Set(alerts.kept.map(({ hints }) => hints.accessKeyId));
  return Object.values(scope).flatMap(({ principal, plan }) =>
    (plan?.measures ?? []).flatMap(({ measure, target }) =>
      measure === 'deactivateAccessKey' && named.has(target) ? [{ accessKeyId: target, owner: principal.arn }] : [],
    ),
  );
}

/** Keys that recovery issued: theirs is nobody's attack. */
export function issuedKeyIdsOf({ recovery }: IncidentState): string[] {
  return (recovery?.issued ?? []).map(({ accessKeyId }) => accessKeyId);
}
