import type {
  AccountAssignmentOperationStatus,
  CreateAccountAssignmentRequest,
  CreateAccountAssignmentResponse,
  DeleteAccountAssignmentRequest,
  DeleteAccountAssignmentResponse,
} from '@aws-sdk/client-sso-admin';
import { AwsError } from '../aws-error.js';
import type { Random } from '../random/random.js';
import type { Call } from '../server/call.js';
import { operation, type Operations } from '../server/operation.js';
import { assignmentStatusShape } from './assignment-status.js';
import { accountArn, memberAccount, notFound, onInstance, permissionSetOf, userOfId } from './find.js';
import { findAssignment, type Assignment, type IdentityCenter } from './identity-center.js';
import { checkNoConflict, WRITER } from './provisioning-operations.js';
import type { RequestKind } from './requests.js';
import { deprovision, provision } from './reserved-roles.js';

/**
 * Calls that change who may use which permission set where. With the last assignment in an account the role there goes too; as long
 * as somebody else has it, the sessions of who lost it live on (aws-domain 1.1).
 */
export function createAssignmentOperations(center: IdentityCenter, random: Random): Operations {
  const assignmentOf = (call: Call, input: CreateAccountAssignmentRequest): Assignment => ({
    permissionSet: permissionSetOf(center, { call, input }),
    accountId: memberAccount(center, input.TargetId).id,
    user: userOfId(center, { id: input.PrincipalId, type: input.PrincipalType }),
  });
  const begin = (kind: RequestKind, { permissionSet, accountId, user }: Assignment, work: () => void): AccountAssignmentOperationStatus => {
    checkNoConflict(center, { permissionSet, accountId });
    return assignmentStatusShape(center.requests.begin({ kind, permissionSet, accountId, principalId: user.id }, work));
  };

  return {
    CreateAccountAssignment: operation<CreateAccountAssignmentRequest, CreateAccountAssignmentResponse>({
      kind: 'write',
      access: (input) => onInstance(input, input.PermissionSetArn, accountArn(input.TargetId)),
      run: (input, call) => {
        const wanted = assignmentOf(call, input);
        if (findAssignment(center, wanted) !== undefined)
          throw new AwsError('ConflictException', `Account assignment of ${wanted.user.id} already exists.`);
        const work = (): void => {
          const account = memberAccount(center, wanted.accountId);
          if (!wanted.permissionSet.provisioned.has(account.id))
            provision({ account, random }, wanted.permissionSet, account.propagation.change(WRITER));
          center.assignments.add(wanted);
        };
        return { AccountAssignmentCreationStatus: begin('createAssignment', wanted, work) };
      },
    }),

    DeleteAccountAssignment: operation<DeleteAccountAssignmentRequest, DeleteAccountAssignmentResponse>({
      kind: 'write',
      access: (input) => onInstance(input, input.PermissionSetArn, accountArn(input.TargetId)),
      run: (input, call) => {
        const found = findAssignment(center, assignmentOf(call, input));
        if (found === undefined) throw notFound('Account assignment of principal', input.PrincipalId);
        const { permissionSet, accountId } = found;
        const work = (): void => {
          center.assignments.delete(found);
          const isLast = ![...center.assignments].some((one) => one.permissionSet === permissionSet && one.accountId === accountId);
          const account = memberAccount(center, accountId);
          if (isLast) deprovision({ account }, permissionSet, account.propagation.change(WRITER));
        };
        return { AccountAssignmentDeletionStatus: begin('deleteAssignment', found, work) };
      },
    }),
  };
}
