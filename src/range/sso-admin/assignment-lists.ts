import type {
  AccountAssignmentForPrincipal,
  ListAccountAssignmentsForPrincipalRequest,
  ListAccountAssignmentsForPrincipalResponse,
  ListAccountAssignmentsRequest,
  ListAccountAssignmentsResponse,
} from '@aws-sdk/client-sso-admin';
import { operation, type Operations } from '../server/operation.js';
import { accountArn, checkInstance, memberAccount, onInstance, permissionSetOf, tokenPage, userOfId } from './find.js';
import type { Assignment, IdentityCenter } from './identity-center.js';

/** Reads of who may use which permission set where. */
export function createAssignmentLists(center: IdentityCenter): Operations {
  return {
    ListAccountAssignments: operation<ListAccountAssignmentsRequest, ListAccountAssignmentsResponse>({
      kind: 'read',
      access: (input) => onInstance(input, input.PermissionSetArn, accountArn(input.AccountId)),
      run: (input, call) => {
        const set = permissionSetOf(center, { call, input });
        const { id } = memberAccount(center, input.AccountId);
        const there = [...center.assignments].filter(({ permissionSet, accountId }) => permissionSet === set && accountId === id);
        const { page, token } = tokenPage(there, input);
        return { AccountAssignments: page.map(assignmentShape), ...token };
      },
    }),

    ListAccountAssignmentsForPrincipal: operation<ListAccountAssignmentsForPrincipalRequest, ListAccountAssignmentsForPrincipalResponse>({
      kind: 'read',
      access: (input) => onInstance(input, accountArn(input.Filter?.AccountId)),
      run: (input, call) => {
        checkInstance(center, { call, input });
        const person = userOfId(center, { id: input.PrincipalId, type: input.PrincipalType });
        const wanted = input.Filter?.AccountId;
        const his = [...center.assignments].filter(
          ({ user, accountId }) => user === person && (wanted === undefined || accountId === wanted),
        );
        const { page, token } = tokenPage(his, input);
        return { AccountAssignments: page.map(assignmentShape), ...token };
      },
    }),
  };
}

function assignmentShape({ permissionSet, accountId, user }: Assignment): AccountAssignmentForPrincipal {
  return { AccountId: accountId, PermissionSetArn: permissionSet.arn, PrincipalType: 'USER', PrincipalId: user.id };
}
