import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
} from '@aws-sdk/client-iam';
import { unlessGone } from '../unless-gone.js';
import { createFieldMeasure, type OpenField } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Attaches the customer managed policy `/ir/IRQuarantine` to a user or role: the one deny that an SCP guard can
 * protect from being detached (aws-domain 2.2). Needs `iam:ListAttachedUserPolicies` / `ListAttachedRolePolicies`,
 * `iam:AttachUserPolicy` / `AttachRolePolicy` and, for the undo, `iam:DetachUserPolicy` / `DetachRolePolicy`, each limited to that policy.
 *
 * @throws TargetNotFound, permanent: the account has no such policy (`doctor` tells how to make it).
 * @throws QuotaExceeded, permanent: the attached policies are at their quota.
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createAttachQuarantinePolicy(deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'attachQuarantinePolicy',
      layer: 'deny',
      contained: () => 'attached',
      restorable: (before) => before === 'attached' || before === 'absent',
      async read(field) {
        for await (const { AttachedPolicies = [] } of pages(field)) {
          if (AttachedPolicies.some(({ PolicyArn }) => PolicyArn === field.target)) return 'attached';
        }
        return 'absent';
      },
      async write({ principal: { kind, name }, target: PolicyArn, iam }, value) {
        if (kind === 'role') {
          const input = { RoleName: name, PolicyArn };
          return value === 'attached'
            ? requestIdsOf(await iam.send(new AttachRolePolicyCommand(input)))
            : unlessGone(iam.send(new DetachRolePolicyCommand(input)));
        }
        const input = { UserName: name, PolicyArn };
        return value === 'attached'
          ? requestIdsOf(await iam.send(new AttachUserPolicyCommand(input)))
          : unlessGone(iam.send(new DetachUserPolicyCommand(input)));
      },
    },
    deps,
  );
}

function pages({ principal: { kind, name }, iam: client }: OpenField) {
  return kind === 'role'
    ? paginateListAttachedRolePolicies({ client }, { RoleName: name })
    : paginateListAttachedUserPolicies({ client }, { UserName: name });
}
