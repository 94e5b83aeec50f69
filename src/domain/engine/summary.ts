import type { Alert } from '../../contracts/alert.js';
import type { Severity } from '../../contracts/primitives.js';
import type { Resolution } from '../../contracts/principal.js';

/** Temporal takes 400 bytes of summary; encryption adds some, so we stay below 300. */
const LIMIT = 200;

/** What one sees of an incident in a list: `HIGH · IAM user ci-deploy · leaked access key · 111122223333`. */
export function summaryLine(severity: Severity, alert: Alert, resolution: Resolution): string {
  const who = resolution.found
    ? `IAM ${resolution.principal.kind} ${resolution.principal.name}`
    : (alert.hints.accessKeyId ?? alert.hints.userName ?? 'unresolved principal');
  const account = resolution.found ? resolution.principal.account : (alert.account ?? 'unknown account');
  const line = [severity, who, whatHappened(alert), account].join(' · ');
  return line.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, LIMIT);
}

function whatHappened({ facts, type }: Alert): string {
  if (facts.publicExposure) return 'leaked access key';
  if (facts.credentialExfiltration) return 'credentials used elsewhere';
  if (facts.attackSequence) return 'attack sequence';
  if (facts.torOrMaliciousIp) return 'calls from a malicious address';
  if (facts.reportedByPerson) return 'reported by a person';
  if (facts.anomalousBehavior) return 'anomalous behaviour';
  return type.split('/').at(-1) ?? type;
}
