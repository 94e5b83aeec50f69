import { CreateAccountAssignmentCommand, DeleteAccountAssignmentCommand, paginateListAccountAssignments } from '@aws-sdk/client-sso-admin';
import { createFieldMeasure, type OpenField } from './field-measure.js';
import { identityCenterOf } from './identity-center.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Takes a permission set in the account from a person of Identity Center: no new sessions of it; those that live go on until
 * they expire, which the denies answer (aws-domain 1.1). The target is the permission set's ARN. Needs
 * `sso:ListAccountAssignments`, `DeleteAccountAssignment` and, for the undo, `CreateAccountAssignment` in the delegated account.
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
  return createFieldMeasure(
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
        return value === 'present'
          ? requestIdsOf(await client.send(new CreateAccountAssignmentCommand(assignment)))
          : requestIdsOf(await client.send(new DeleteAccountAssignmentCommand(assignment)));
      },
    },
    deps,
  );
}
