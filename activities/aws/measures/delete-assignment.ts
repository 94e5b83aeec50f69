import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  paginateListAccountAssignments,
  ResourceNotFoundException,
} from '@aws-sdk/client-sso-admin';
import type { MeasureResult } from '../../../src/contracts/measure.js';
import { createFieldMeasure, type OpenField } from './field-measure.js';
import { type IdentityCenterAccess, identityCenterOf, inItsTurn } from './identity-center.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Takes a permission set in the account from a person of Identity Center: no new sessions of it; those that live go on until
 * they expire, which the denies answer (aws-domain 1.1). Identity Center works on it for some seconds: meanwhile it counts as taken. The
 * target is the permission set's ARN. Needs `sso:ListAccountAssignments`, `DeleteAccountAssignment`,
 * `DescribeAccountAssignmentDeletionStatus` and, for the undo, `CreateAccountAssignment` in the delegated account.
 *
 * @throws TargetNotFound, UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, ConflictInFlight, transient.
 */
export function createDeleteAssignment(deps: MeasureDeps): Measure {
  const assignmentOf = ({ principal, target }: OpenField, InstanceArn: string) =>
    ({
      InstanceArn,
      PermissionSetArn: target,
      PrincipalType: 'USER',
      PrincipalId: principal.uniqueId,
      TargetType: 'AWS_ACCOUNT',
      TargetId: principal.account,
    }) as const;
  const measure = createFieldMeasure(
    {
      name: 'deleteAssignment',
      layer: 'trust',
      contained: () => 'absent',
      restorable: (before) => before === 'present' || before === 'absent',
      async read({ principal, target, incidentId }) {
        const { client, InstanceArn } = await identityCenterOf(deps, incidentId);
        const pages = paginateListAccountAssignments({ client }, { InstanceArn, AccountId: principal.account, PermissionSetArn: target });
        for await (const { AccountAssignments = [] } of pages) {
          if (AccountAssignments.some(({ PrincipalId, PrincipalType }) => PrincipalType === 'USER' && PrincipalId === principal.uniqueId))
            return 'present';
        }
        return 'absent';
      },
      async write(field, value) {
        const { client, InstanceArn } = await identityCenterOf(deps, field.incidentId);
        const assignment = assignmentOf(field, InstanceArn);
        if (value === 'present') return requestIdsOf(await inItsTurn(client.send(new CreateAccountAssignmentCommand(assignment))));
        return deleted(client, assignment);
      },
    },
    deps,
  );

  /** Whether the deletion that was recorded is still being worked on. */
  async function isUnderWay({ requestIds }: Pick<MeasureResult, 'requestIds'>, incidentId: string): Promise<boolean> {
    const { client, InstanceArn } = await identityCenterOf(deps, incidentId);
    const AccountAssignmentDeletionRequestId = requestIds.at(-1);
    if (AccountAssignmentDeletionRequestId === undefined) return false;
    const request = { InstanceArn, AccountAssignmentDeletionRequestId };
    const { AccountAssignmentDeletionStatus } = await client.send(new DescribeAccountAssignmentDeletionStatusCommand(request));
    return AccountAssignmentDeletionStatus?.Status === 'IN_PROGRESS';
  }

  return {
    ...measure,
    async verify(subject) {
      const read = await measure.verify(subject);
      if (read.holds || subject.recorded === undefined || !(await isUnderWay(subject.recorded, subject.incidentId))) return read;
      return { holds: true, found: 'being deleted' };
    },
  };
}

/** The last id is that of Identity Center's own request, by which its progress is asked for. */
async function deleted(
  client: IdentityCenterAccess['client'],
  assignment: ConstructorParameters<typeof DeleteAccountAssignmentCommand>[0],
): Promise<string[]> {
  try {
    const answer = await inItsTurn(client.send(new DeleteAccountAssignmentCommand(assignment)));
    return [...requestIdsOf(answer), answer.AccountAssignmentDeletionStatus?.RequestId ?? ''].filter((id) => id !== '');
  } catch (error) {
    // The repeat of a request whose answer was lost.
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}
