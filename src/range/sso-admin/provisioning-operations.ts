import type {
  DescribePermissionSetProvisioningStatusRequest,
  DescribePermissionSetProvisioningStatusResponse,
  PermissionSetProvisioningStatus,
  ProvisionPermissionSetRequest,
  ProvisionPermissionSetResponse,
} from '@aws-sdk/client-sso-admin';
import { AwsError } from '../aws-error.js';
import type { Random } from '../random/random.js';
import { operation, type Operations } from '../server/operation.js';
import { accountArn, checkInstance, memberAccount, notFound, onInstance, permissionSetOf } from './find.js';
import type { IdentityCenter } from './identity-center.js';
import type { Request } from './requests.js';
import { provision } from './reserved-roles.js';

/** Who writes in an account when a permission set is copied there. */
export const WRITER = 'sso.amazonaws.com';

/** Calls that copy a permission set as it is now into the accounts where it is provisioned. */
export function createProvisioningOperations(center: IdentityCenter, random: Random): Operations {
  return {
    ProvisionPermissionSet: operation<ProvisionPermissionSetRequest, ProvisionPermissionSetResponse>({
      kind: 'write',
      access: (input) => onInstance(input, input.PermissionSetArn, accountArn(input.TargetId)),
      run: (input, call) => {
        const set = permissionSetOf(center, { call, input });
        const isAll = input.TargetType === 'ALL_PROVISIONED_ACCOUNTS';
        if (isAll === (input.TargetId !== undefined))
          throw new AwsError('ValidationException', 'TargetId must be given for AWS_ACCOUNT, and for nothing else.');
        const accountId = isAll ? undefined : memberAccount(center, input.TargetId).id;
        if (accountId !== undefined && !set.provisioned.has(accountId))
          throw notFound(`Provisioned PermissionSet ${set.arn} in Account`, accountId);
        checkNoConflict(center, { permissionSet: set, accountId });
        const request = center.requests.begin({ kind: 'provision', permissionSet: set, accountId }, () => {
          for (const id of isAll ? set.provisioned.keys() : [accountId]) {
            const account = memberAccount(center, id);
            provision({ account, random }, set, account.propagation.change(WRITER));
          }
        });
        return { PermissionSetProvisioningStatus: statusShape(request) };
      },
    }),

    DescribePermissionSetProvisioningStatus: operation<
      DescribePermissionSetProvisioningStatusRequest,
      DescribePermissionSetProvisioningStatusResponse
    >({
      kind: 'read',
      access: (input) => onInstance(input),
      run: (input, call) => {
        checkInstance(center, { call, input });
        const request = center.requests.find('provision', input.ProvisionPermissionSetRequestId ?? '');
        if (request === undefined) throw notFound('Request', input.ProvisionPermissionSetRequestId);
        return { PermissionSetProvisioningStatus: statusShape(request) };
      },
    }),
  };
}

/** @throws AwsError ConflictException while another request is at work on the same permission set in the same account */
export function checkNoConflict({ requests }: IdentityCenter, wanted: Pick<Request, 'permissionSet' | 'accountId'>): void {
  const other = requests.conflicting(wanted);
  if (other !== undefined)
    throw new AwsError(
      'ConflictException',
      `There is a conflicting operation in process: request ${other.id} on ${other.permissionSet.arn}.`,
    );
}

function statusShape({ id, status, permissionSet, accountId, createdAt, failureReason }: Request): PermissionSetProvisioningStatus {
  return {
    RequestId: id,
    Status: status,
    PermissionSetArn: permissionSet.arn,
    ...(accountId === undefined ? {} : { AccountId: accountId }),
    ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
    CreatedDate: new Date(createdAt),
  };
}
