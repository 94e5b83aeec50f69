import { AttachUserPolicyCommand, DetachUserPolicyCommand, paginateListAttachedUserPolicies } from '@aws-sdk/client-iam';
import { unlessGone } from '../unless-gone.js';
import { createFieldMeasure } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Attaches the customer managed policy `/ir/IRQuarantine` to a user: the one deny that an SCP guard can
 * protect from being detached (aws-domain 2.2). Needs `iam:ListAttachedUserPolicies`, `iam:AttachUserPolicy`
 * and, for the undo, `iam:DetachUserPolicy`, each limited to that policy.
 *
 * @throws TargetNotFound, permanent: the account has no such policy (`doctor` tells how to make it).
 * @throws QuotaExceeded, permanent: the user's attached policies are at their quota.
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createAttachQuarantinePolicy({ iam, ...deps }: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'attachQuarantinePolicy',
      layer: 'deny',
      contained: () => 'attached',
      restorable: (before) => before === 'attached' || before === 'absent',
      async read({ principal, target }) {
        for await (const page of paginateListAttachedUserPolicies({ client: iam }, { UserName: principal.name })) {
          if (page.AttachedPolicies?.some((policy) => policy.PolicyArn === target)) return 'attached';
        }
        return 'absent';
      },
      async write({ principal, target }, value) {
        const input = { UserName: principal.name, PolicyArn: target };
        return value === 'attached'
          ? requestIdsOf(await iam.send(new AttachUserPolicyCommand(input)))
          : unlessGone(iam.send(new DetachUserPolicyCommand(input)));
      },
    },
    deps,
  );
}
