import type {
  AccountAssignmentOperationStatus,
  DescribeAccountAssignmentCreationStatusRequest,
  DescribeAccountAssignmentCreationStatusResponse,
  DescribeAccountAssignmentDeletionStatusRequest,
  DescribeAccountAssignmentDeletionStatusResponse,
} from '@aws-sdk/client-sso-admin';
import { operation, type Operations } from '../server/operation.js';
import { checkInstance, notFound, onInstance } from './find.js';
import type { IdentityCenter } from './identity-center.js';
import type { Request, RequestKind } from './requests.js';

/** Calls that ask how far a change of an assignment is. */
export function createAssignmentStatusOperations(center: IdentityCenter): Operations {
  const statusOf = (kind: RequestKind, id = ''): AccountAssignmentOperationStatus => {
    const request = center.requests.find(kind, id);
    if (request === undefined) throw notFound('Request', id);
    return assignmentStatusShape(request);
  };

  return {
    DescribeAccountAssignmentCreationStatus: operation<
      DescribeAccountAssignmentCreationStatusRequest,
      DescribeAccountAssignmentCreationStatusResponse
    >({
      kind: 'read',
      access: (input) => onInstance(input),
      run: (input, call) => {
        checkInstance(center, { call, input });
        return { AccountAssignmentCreationStatus: statusOf('createAssignment', input.AccountAssignmentCreationRequestId) };
      },
    }),

    DescribeAccountAssignmentDeletionStatus: operation<
      DescribeAccountAssignmentDeletionStatusRequest,
      DescribeAccountAssignmentDeletionStatusResponse
    >({
      kind: 'read',
      access: (input) => onInstance(input),
      run: (input, call) => {
        checkInstance(center, { call, input });
        return { AccountAssignmentDeletionStatus: statusOf('deleteAssignment', input.AccountAssignmentDeletionRequestId) };
      },
    }),
  };
}

/** A change of an assignment as Identity Center answers it. */
export function assignmentStatusShape({
  id,
  status,
  permissionSet,
  accountId,
  principalId,
  createdAt,
  failureReason,
}: Request): AccountAssignmentOperationStatus {
  return {
    Status: status,
    RequestId: id,
    TargetId: accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: permissionSet.arn,
    PrincipalType: 'USER',
    PrincipalId: principalId,
    ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
    CreatedDate: new Date(createdAt),
  };
}
