import { ListAccessKeysCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { ApplicationFailure } from '@temporalio/common';
import { permanent } from '../../../src/contracts/failures.js';
import { createFieldMeasure } from './field-measure.js';
import type { Measure, MeasureDeps, Verification } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Sets one long-term access key `Inactive`. The key is kept, so the undo is exact.
 *
 * Does not end sessions the key has minted (aws-domain 1.1): the deny measures do.
 * Needs `iam:ListAccessKeys` and `iam:UpdateAccessKey` on the user.
 *
 * @throws TargetNotFound, permanent: the user owns no such key (deleted since).
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createDeactivateAccessKey(deps: MeasureDeps): Measure {
  const measure = createFieldMeasure(
    {
      name: 'deactivateAccessKey',
      layer: 'credential',
      contained: () => 'Inactive',
      restorable: (before) => before === 'Active' || before === 'Inactive',
      async read({ principal, target }) {
        // One page holds them all: a user has at most 2 keys (IAM quotas).
        const { AccessKeyMetadata: keys = [] } = await deps.iam.send(new ListAccessKeysCommand({ UserName: principal.name }));
        const status = keys.find((key) => key.AccessKeyId === target)?.Status;
        if (status === undefined) throw permanent('TargetNotFound', `${principal.name} has no key ${target}`);
        return status;
      },
      async write({ principal, target }, value) {
        const Status = value === 'Active' ? 'Active' : 'Inactive';
        return requestIdsOf(await deps.iam.send(new UpdateAccessKeyCommand({ UserName: principal.name, AccessKeyId: target, Status })));
      },
    },
    deps,
  );
  return { ...measure, verify: (subject) => measure.verify(subject).catch(holdsWhenDeleted) };
}

/** A key that its owner deleted is as dead as can be: neither missing nor a drift. */
function holdsWhenDeleted(error: unknown): Verification {
  if (error instanceof ApplicationFailure && error.type === 'TargetNotFound') return { holds: true, found: 'deleted' };
  throw error;
}
