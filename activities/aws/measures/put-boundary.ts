import {
  DeleteRolePermissionsBoundaryCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetRoleCommand,
  GetUserCommand,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { DENY_ALL_BOUNDARY_NAME } from '../../../src/domain/planning/documents.js';
import { denyAllBoundaryArn } from '../../../src/domain/planning/measure-calls.js';
import { unlessGone } from '../unless-gone.js';
import { createFieldMeasure } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Sets AWS's `AWSDenyAll` as the permissions boundary of a user or role: a second explicit deny (aws-domain 1.2).
 * The boundary that was there is recorded and comes back on undo. Needs `iam:GetUser` / `GetRole`,
 * `iam:PutUserPermissionsBoundary` / `PutRole…` and, for the undo, `iam:DeleteUserPermissionsBoundary` / `DeleteRole…`.
 *
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createPutBoundary(deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'putBoundary',
      layer: 'deny',
      contained: ({ principal }) => denyAllBoundaryArn(principal),
      restorable: (before) => before === null || (typeof before === 'string' && before.startsWith('arn:')),
      async read({ principal: { kind, name }, iam }) {
        const boundary =
          kind === 'role'
            ? (await iam.send(new GetRoleCommand({ RoleName: name }))).Role?.PermissionsBoundary
            : (await iam.send(new GetUserCommand({ UserName: name }))).User?.PermissionsBoundary;
        return boundary?.PermissionsBoundaryArn ?? null;
      },
      async write({ principal: { kind, name }, iam: own, scope }, value) {
        // Another boundary than AWSDenyAll can only be set by a session that was opened for it (src/deploy/aws/spoke.yaml).
        const isRecorded = typeof value === 'string' && !value.endsWith(DENY_ALL_BOUNDARY_NAME);
        const iam = isRecorded ? deps.access.iam({ ...scope, boundary: value }) : own;
        if (kind === 'role') {
          if (typeof value === 'string')
            return requestIdsOf(await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary: value })));
          return unlessGone(iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name })));
        }
        if (typeof value === 'string')
          return requestIdsOf(await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary: value })));
        return unlessGone(iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: name })));
      },
    },
    deps,
  );
}
