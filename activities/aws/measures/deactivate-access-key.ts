import { ListAccessKeysCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';
import { createStatusMeasure } from './status-measure.js';

/**
 * Sets one long-term access key `Inactive`. Does not end sessions the key has minted (aws-domain 1.1): the deny
 * measures do. Needs `iam:ListAccessKeys` and `iam:UpdateAccessKey` on the user.
 *
 * @throws as every measure of a credential's status.
 */
export function createDeactivateAccessKey(deps: MeasureDeps): Measure {
  return createStatusMeasure(
    {
      name: 'deactivateAccessKey',
      what: 'key',
      async read({ principal, target, iam }) {
        // One page holds them all: a user has at most 2 keys (IAM quotas).
        const { AccessKeyMetadata: keys = [] } = await iam.send(new ListAccessKeysCommand({ UserName: principal.name }));
        return keys.find((key) => key.AccessKeyId === target)?.Status;
      },
      write: async ({ principal, target, iam }, Status) =>
        requestIdsOf(await iam.send(new UpdateAccessKeyCommand({ UserName: principal.name, AccessKeyId: target, Status }))),
    },
    deps,
  );
}
