import type {
  DeleteSigningCertificateRequest,
  ListSigningCertificatesRequest,
  ListSigningCertificatesResponse,
  SigningCertificate as CertificateShape,
  UpdateSigningCertificateRequest,
  UploadSigningCertificateRequest,
  UploadSigningCertificateResponse,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import { UNIQUE_ID_ALPHABET } from '../../random/random.js';
import type { Call } from '../../server/call.js';
import { operation, type Operations } from '../../server/operation.js';
import { onUser, statusOf, userOf } from '../lookup.js';
import type { RootUser, User } from '../model.js';
import type { SigningCertificate } from '../other-credentials.js';
import { namedOwner, onOwner, ownerOf } from '../owner.js';
import { pageOf } from '../paging.js';

/** A user has at most two signing certificates (IAM quotas). */
const MAX_CERTIFICATES = 2;

const PEM = /^-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]{16,}-----END CERTIFICATE-----$/;

/** Calls about X.509 signing certificates. The range reads the envelope only, not the certificate in it. */
export const signingCertificateOperations: Operations = {
  ListSigningCertificates: operation<ListSigningCertificatesRequest, ListSigningCertificatesResponse>({
    kind: 'read',
    access: onOwner,
    run: (input, call) => {
      const user = ownerOf(call, input.UserName);
      const { page, paging } = pageOf(user.certificates.seen(call.view), input);
      return { Certificates: page.map(([, certificate]) => shape(user, certificate)), ...paging };
    },
  }),

  UploadSigningCertificate: operation<UploadSigningCertificateRequest, UploadSigningCertificateResponse>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      const body = required(input.CertificateBody, 'CertificateBody').trim();
      if (!PEM.test(body)) throw new AwsError('MalformedCertificate', 'Certificate is malformed.');
      const others = user.certificates.seen();
      if (others.some(([, other]) => other.body === body))
        throw new AwsError('DuplicateCertificate', 'This certificate is already associated with an account.', 409);
      if (others.length >= MAX_CERTIFICATES)
        throw new AwsError('LimitExceeded', `Cannot exceed quota for CertificatesPerUser: ${MAX_CERTIFICATES}`, 409);
      const uploadedAt = Math.floor(call.at / 1000) * 1000;
      const certificate: SigningCertificate = { id: call.random.text(UNIQUE_ID_ALPHABET, 32), body, uploadedAt, status: 'Active' };
      user.certificates.set(certificate.id, certificate, call.creation());
      return { Certificate: shape(user, certificate) };
    },
  }),

  UpdateSigningCertificate: operation<UpdateSigningCertificateRequest, object>({
    kind: 'write',
    access: onOwner,
    run: (input, call) => {
      const { user, certificate } = ownCertificate(call, input);
      user.certificates.set(certificate.id, { ...certificate, status: statusOf(input.Status) }, call.change());
      return {};
    },
  }),

  DeleteSigningCertificate: operation<DeleteSigningCertificateRequest, object>({
    kind: 'write',
    access: onOwner,
    run: (input, call) => {
      const { user, certificate } = ownCertificate(call, input);
      user.certificates.remove(certificate.id, call.change());
      return {};
    },
  }),
};

function ownCertificate(
  call: Call,
  input: { UserName?: string | undefined; CertificateId: string | undefined },
): { user: User | RootUser; certificate: SigningCertificate } {
  const id = required(input.CertificateId, 'CertificateId');
  const user = ownerOf(call, input.UserName);
  const certificate = user.certificates.get(id, call.view);
  if (certificate === undefined) throw noSuchEntity('Certificate', id);
  return { user, certificate };
}

function shape(owner: User | RootUser, { id, body, status, uploadedAt }: SigningCertificate): CertificateShape {
  return { UserName: namedOwner(owner), CertificateId: id, CertificateBody: body, Status: status, UploadDate: new Date(uploadedAt) };
}
