import { AddUserToGroupCommand, paginateListGroupsForUser, RemoveUserFromGroupCommand } from '@aws-sdk/client-iam';
import { unlessGone } from '../unless-gone.js';
import { createFieldMeasure } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Puts a user into the prepared group `IRQuarantine`, whose policy denies everything: the way in where the user's own quotas
 * are full (aws-domain 1.2). Needs `iam:ListGroupsForUser`, `iam:AddUserToGroup` and, for the undo, `iam:RemoveUserFromGroup`.
 *
 * @throws TargetNotFound, permanent: the account has no such group. QuotaExceeded, permanent: the user is in 10 groups.
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createJoinDenyGroup(deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'joinDenyGroup',
      layer: 'deny',
      contained: () => 'member',
      restorable: (before) => before === 'member' || before === 'absent',
      async read({ principal, target, iam: client }) {
        for await (const { Groups = [] } of paginateListGroupsForUser({ client }, { UserName: principal.name })) {
          if (Groups.some(({ GroupName }) => GroupName === target)) return 'member';
        }
        return 'absent';
      },
      async write({ principal, target, iam }, value) {
        const input = { UserName: principal.name, GroupName: target };
        return value === 'member'
          ? requestIdsOf(await iam.send(new AddUserToGroupCommand(input)))
          : unlessGone(iam.send(new RemoveUserFromGroupCommand(input)));
      },
    },
    deps,
  );
}
