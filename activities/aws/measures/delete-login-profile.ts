import { DeleteLoginProfileCommand, GetLoginProfileCommand, NoSuchEntityException } from '@aws-sdk/client-iam';
import { permanent } from '../../../src/contracts/failures.js';
import { unlessGone } from '../unless-gone.js';
import { createFieldMeasure } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';

/**
 * Deletes a user's console password. It cannot be read back, so this is never part of an automatic plan, and its undo
 * asks a person to set a new one (aws-domain 3). Needs `iam:GetLoginProfile` and `iam:DeleteLoginProfile` on the user.
 *
 * @throws PreconditionFailed, permanent, on undo: AWS gives no password back.
 * @throws UnsafeAction, PermissionDenied, permanent; Throttled, transient (also while the password was only just set).
 */
export function createDeleteLoginProfile(deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'deleteLoginProfile',
      layer: 'credential',
      reversible: 'replacement',
      contained: () => 'absent',
      restorable: (before) => before === 'present' || before === 'absent',
      async read({ principal, iam }) {
        try {
          await iam.send(new GetLoginProfileCommand({ UserName: principal.name }));
          return 'present';
        } catch (error) {
          if (error instanceof NoSuchEntityException) return 'absent';
          throw error;
        }
      },
      async write({ principal, iam }, value) {
        if (value === 'present')
          throw permanent('PreconditionFailed', `the console password of ${principal.name} cannot be put back: its owner needs a new one`);
        return unlessGone(iam.send(new DeleteLoginProfileCommand({ UserName: principal.name })));
      },
    },
    deps,
  );
}
