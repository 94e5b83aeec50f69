import type { Severity } from '../../contracts/primitives.js';

/** GuardDuty's scale: LOW below 4, MEDIUM below 7, HIGH below 9, CRITICAL from 9. */
export function severityFromScore(score: number): Severity {
  if (score >= 9) return 'CRITICAL';
  if (score >= 7) return 'HIGH';
  return score >= 4 ? 'MEDIUM' : 'LOW';
}
