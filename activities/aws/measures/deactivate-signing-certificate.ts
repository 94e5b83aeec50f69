import { ListSigningCertificatesCommand, UpdateSigningCertificateCommand } from '@aws-sdk/client-iam';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';
import { createStatusMeasure } from './status-measure.js';

/**
 * Sets one X.509 signing certificate `Inactive`. Needs `iam:ListSigningCertificates` and
 * `iam:UpdateSigningCertificate` on the user.
 *
 * @throws as every measure of a credential's status.
 */
export function createDeactivateSigningCertificate(deps: MeasureDeps): Measure {
  return createStatusMeasure(
    {
      name: 'deactivateSigningCertificate',
      what: 'signing certificate',
      async read({ principal, target, iam }) {
        const { Certificates = [] } = await iam.send(new ListSigningCertificatesCommand({ UserName: principal.name }));
        return Certificates.find((one) => one.CertificateId === target)?.Status;
      },
      write: async ({ principal, target, iam }, Status) =>
        requestIdsOf(await iam.send(new UpdateSigningCertificateCommand({ UserName: principal.name, CertificateId: target, Status }))),
    },
    deps,
  );
}
