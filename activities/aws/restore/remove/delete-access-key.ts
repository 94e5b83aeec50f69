import * as iamSdk from '@aws-sdk/client-iam';
import type { EradicateInput, EradicationResult } from '../../../../src/contracts/eradication.js';
import { nameOf } from '../../../../src/domain/principals/arn.js';
import { createRemoval, type RemovalDeps } from '../removal.js';
import { unlessGone } from '../../unless-gone.js';

/**
 * Deletes an access key: one the intruder made, or one that was in its hands and is `Inactive`. Its secret is lost for ever.
 * Needs `iam:ListAccessKeys`, `iam:GetAccessKeyLastUsed`, `iam:DeleteAccessKey` on the user.
 *
 * @throws as every removal.
 */
export function createDeleteAccessKey(deps: RemovalDeps): (input: EradicateInput) => Promise<EradicationResult> {
  const { iam } = deps;
  return createRemoval(
    {
      action: 'deleteAccessKey',
      async copy(AccessKeyId) {
        const { UserName, AccessKeyLastUsed } = await iam.send(new iamSdk.GetAccessKeyLastUsedCommand({ AccessKeyId }));
        return { AccessKeyId, UserName, lastUsed: { ...AccessKeyLastUsed, LastUsedDate: AccessKeyLastUsed?.LastUsedDate?.toISOString() } };
      },
      async remove(AccessKeyId, owner) {
        const UserName = nameOf(owner ?? '');
        return unlessGone(iam.send(new iamSdk.DeleteAccessKeyCommand({ UserName, AccessKeyId })));
      },
    },
    deps,
  );
}
