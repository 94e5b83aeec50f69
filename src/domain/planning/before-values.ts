import { assertNever } from '../../contracts/failures.js';
import type { MeasureCall, Plan } from '../../contracts/plan.js';
import type { Json } from '../../contracts/primitives.js';
import type { PrincipalSnapshot, RoleInstance } from './principal-snapshot.js';

/** Values of the field that each measure sets, in the form the measure itself reads and writes. */
export function beforeValues(
  measures: readonly MeasureCall[],
  known: { snapshot: PrincipalSnapshot; suspiciousSinceMs: number },
): Plan['before'] {
  return measures.map(({ measure, target }) => ({ measure, target, value: valueOf({ measure, target }, known) }));
}

function valueOf(
  { measure, target }: Pick<MeasureCall, 'measure' | 'target'>,
  { snapshot, suspiciousSinceMs }: { snapshot: PrincipalSnapshot; suspiciousSinceMs: number },
): Json {
  switch (measure) {
    case 'quarantineByScp':
    case 'freezeMinting':
    case 'denyInPermissionSet':
      return 'absent';
    case 'deleteAssignment':
    case 'deleteRootCredentials':
      return 'present';
    case 'joinDenyGroup':
      return snapshot.groups.includes(target) ? 'member' : 'absent';
    case 'denySession':
      return null;
    case 'setDenyVersion':
      return snapshot.ownPolicies.find(({ arn }) => arn === target)?.defaultVersion ?? null;
    case 'stopFunction':
      return snapshot.functions.find((row) => row.arn === target)?.concurrency ?? null;
    case 'detachInstanceProfile':
      return instanceOf(snapshot, target)?.profileArn ?? null;
    case 'requireImdsV2':
      return instanceOf(snapshot, target)?.httpTokens ?? 'optional';
    case 'attachQuarantinePolicy':
      return snapshot.attachedPolicyArns.includes(target) ? 'attached' : 'absent';
    case 'denyUser':
    case 'denyRole':
    case 'revokeSessions':
      return snapshot.inlinePolicies.find((policy) => policy.name === target)?.document ?? null;
    case 'putBoundary':
      return snapshot.boundaryArn ?? null;
    case 'deactivateAccessKey':
      return keyStatus(target, { snapshot, suspiciousSinceMs });
    case 'closeTrust':
      return snapshot.trustPolicy ?? null;
    case 'deactivateServiceCredential':
    case 'deactivateSshKey':
    case 'deactivateSigningCertificate':
      return otherStatus(target, { snapshot, suspiciousSinceMs });
    case 'deleteLoginProfile':
      return snapshot.consolePassword ? 'present' : 'absent';
    default:
      return assertNever(measure);
  }
}

function instanceOf({ instances }: PrincipalSnapshot, target: string): RoleInstance | undefined {
  return instances.find(({ region, id }) => `${region}/${id}` === target);
}

/** A key made inside the compromise window is the attacker's: undo must never arm it again (aws-domain 3). */
function keyStatus(
  accessKeyId: string,
  { snapshot, suspiciousSinceMs }: { snapshot: PrincipalSnapshot; suspiciousSinceMs: number },
): string {
  return statusBefore(
    snapshot.keys.find((candidate) => candidate.accessKeyId === accessKeyId),
    suspiciousSinceMs,
  );
}

function otherStatus(id: string, { snapshot, suspiciousSinceMs }: { snapshot: PrincipalSnapshot; suspiciousSinceMs: number }): string {
  return statusBefore(
    snapshot.otherCredentials.find((candidate) => candidate.id === id),
    suspiciousSinceMs,
  );
}

function statusBefore(found: { status: string; createdAt: string } | undefined, suspiciousSinceMs: number): string {
  // A service-specific credential may be `Expired`: as good as switched off.
  if (found === undefined || Date.parse(found.createdAt) >= suspiciousSinceMs) return 'Inactive';
  return found.status === 'Active' ? 'Active' : 'Inactive';
}
