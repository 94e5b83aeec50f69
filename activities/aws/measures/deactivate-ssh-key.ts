import { ListSSHPublicKeysCommand, UpdateSSHPublicKeyCommand } from '@aws-sdk/client-iam';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';
import { createStatusMeasure } from './status-measure.js';

/**
 * Sets one SSH public key (CodeCommit) `Inactive`. Needs `iam:ListSSHPublicKeys` and `iam:UpdateSSHPublicKey` on the user.
 *
 * @throws as every measure of a credential's status.
 */
export function createDeactivateSshKey(deps: MeasureDeps): Measure {
  return createStatusMeasure(
    {
      name: 'deactivateSshKey',
      what: 'SSH key',
      async read({ principal, target, iam }) {
        const { SSHPublicKeys = [] } = await iam.send(new ListSSHPublicKeysCommand({ UserName: principal.name }));
        return SSHPublicKeys.find((one) => one.SSHPublicKeyId === target)?.Status;
      },
      write: async ({ principal, target, iam }, Status) =>
        requestIdsOf(await iam.send(new UpdateSSHPublicKeyCommand({ UserName: principal.name, SSHPublicKeyId: target, Status }))),
    },
    deps,
  );
}
