import { DeleteUserPermissionsBoundaryCommand, GetUserCommand, PutUserPermissionsBoundaryCommand } from '@aws-sdk/client-iam';
import { denyAllBoundaryArn } from '../../../src/domain/planning/user-measures.js';
import { createFieldMeasure } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Sets AWS's `AWSDenyAll` as the user's permissions boundary: a second explicit deny (aws-domain 1.2).
 * The boundary that was there is recorded and comes back on undo. Needs `iam:GetUser`,
 * `iam:PutUserPermissionsBoundary` and, for the undo, `iam:DeleteUserPermissionsBoundary`.
 *
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createPutBoundary({ iam, ...deps }: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'putBoundary',
      layer: 'deny',
      contained: ({ principal }) => denyAllBoundaryArn(principal),
      restorable: (before) => before === null || (typeof before === 'string' && before.startsWith('arn:')),
      async read({ principal }) {
        const { User } = await iam.send(new GetUserCommand({ UserName: principal.name }));
        return User?.PermissionsBoundary?.PermissionsBoundaryArn ?? null;
      },
      async write({ principal }, value) {
        const UserName = principal.name;
        if (typeof value === 'string')
          return requestIdsOf(await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: value })));
        return requestIdsOf(await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName })));
      },
    },
    deps,
  );
}
