import { ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { parsePayload } from '../../../src/contracts/failures.js';
import { PlanRecoveryInput, type RecoveryPlan } from '../../../src/contracts/recovery.js';
import type { AwsAccess } from '../aws-access.js';

/** IAM quota: access keys per user. */
const KEYS_PER_USER = 2;

/** Where the new secret of a user goes. */
export function secretNameOf(incidentId: string, userName: string): string {
  return `tourniquet/${incidentId}/${userName}`;
}

/**
 * Reads what keys a user has before a new one is made. Needs `iam:ListAccessKeys`.
 *
 * @throws TargetNotFound, PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createPlanRecovery({
  access,
  now,
}: {
  access: Pick<AwsAccess, 'iam'>;
  now: () => string;
}): (input: PlanRecoveryInput) => Promise<RecoveryPlan> {
  return async (raw) => {
    const { incidentId, principal } = parsePayload(PlanRecoveryInput, raw, 'recovery plan');
    const iam = access.iam({ account: principal.account, role: 'Reader', incidentId });
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: principal.name }));
    const keysBefore = AccessKeyMetadata.map(({ AccessKeyId = 'unknown', Status, CreateDate }) => ({
      accessKeyId: AccessKeyId,
      status: Status === 'Inactive' ? ('Inactive' as const) : ('Active' as const),
      createdAt: (CreateDate ?? new Date(0)).toISOString(),
    }));
    return {
      principal,
      secretName: secretNameOf(incidentId, principal.name),
      keysBefore,
      atKeyLimit: keysBefore.length >= KEYS_PER_USER,
      plannedAt: now(),
    };
  };
}
