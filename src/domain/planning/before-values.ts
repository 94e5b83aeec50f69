import type { Alert } from '../../contracts/alert.js';
import { assertNever } from '../../contracts/failures.js';
import type { MeasureCall, Plan } from '../../contracts/plan.js';
import type { Json } from '../../contracts/primitives.js';
import type { UserSnapshot } from './user-snapshot.js';

/** Values of the field that each measure sets, in the form the measure itself reads and writes. */
export function beforeValues(
  measures: readonly MeasureCall[],
  known: { snapshot: UserSnapshot; alerts: readonly Alert[] },
): Plan['before'] {
  return measures.map(({ measure, target }) => ({ measure, target, value: valueOf({ measure, target }, known) }));
}

function valueOf(
  { measure, target }: Pick<MeasureCall, 'measure' | 'target'>,
  { snapshot, alerts }: { snapshot: UserSnapshot; alerts: readonly Alert[] },
): Json {
  switch (measure) {
    case 'attachQuarantinePolicy':
      return snapshot.attachedPolicyArns.includes(target) ? 'attached' : 'absent';
    case 'denyUser':
      return snapshot.inlinePolicies.find((policy) => policy.name === target)?.document ?? null;
    case 'putBoundary':
      return snapshot.boundaryArn ?? null;
    case 'deactivateAccessKey':
      return keyStatus(target, { snapshot, alerts });
    default:
      return assertNever(measure);
  }
}

/** A key made inside the compromise window is the attacker's: undo must never arm it again (aws-domain 3). */
function keyStatus(accessKeyId: string, { snapshot, alerts }: { snapshot: UserSnapshot; alerts: readonly Alert[] }): string {
  const key = snapshot.keys.find((candidate) => candidate.accessKeyId === accessKeyId);
  const suspiciousSinceMs = Math.min(...alerts.map((alert) => Date.parse(alert.firstSeenAt)));
  if (key === undefined || Date.parse(key.createdAt) >= suspiciousSinceMs) return 'Inactive';
  return key.status;
}
