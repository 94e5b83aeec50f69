import { ListServiceSpecificCredentialsCommand, UpdateServiceSpecificCredentialCommand } from '@aws-sdk/client-iam';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';
import { createStatusMeasure } from './status-measure.js';

/**
 * Sets one service-specific credential (CodeCommit, Keyspaces, Bedrock API keys) `Inactive`. Needs
 * `iam:ListServiceSpecificCredentials` and `iam:UpdateServiceSpecificCredential` on the user.
 *
 * @throws as every measure of a credential's status.
 */
export function createDeactivateServiceCredential(deps: MeasureDeps): Measure {
  return createStatusMeasure(
    {
      name: 'deactivateServiceCredential',
      what: 'service-specific credential',
      async read({ principal, target, iam }) {
        const { ServiceSpecificCredentials = [] } = await iam.send(new ListServiceSpecificCredentialsCommand({ UserName: principal.name }));
        return ServiceSpecificCredentials.find((one) => one.ServiceSpecificCredentialId === target)?.Status;
      },
      write: async ({ principal, target, iam }, Status) =>
        requestIdsOf(
          await iam.send(
            new UpdateServiceSpecificCredentialCommand({ UserName: principal.name, ServiceSpecificCredentialId: target, Status }),
          ),
        ),
    },
    deps,
  );
}
