import type {
  ListMFADevicesRequest,
  ListMFADevicesResponse,
  ListServiceSpecificCredentialsRequest,
  ListServiceSpecificCredentialsResponse,
  ListSigningCertificatesRequest,
  ListSigningCertificatesResponse,
  ListSSHPublicKeysRequest,
  ListSSHPublicKeysResponse,
} from '@aws-sdk/client-iam';
import { operation, type Operations } from '../../server/operation.js';
import { onAccount, onUser, userOf } from '../lookup.js';

/** Reads of credential kinds that no user of the first scenarios has: always empty, but the user must exist. */
export const otherCredentialOperations: Operations = {
  ListMFADevices: operation<ListMFADevicesRequest, ListMFADevicesResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => {
      userOf(call, input.UserName);
      return { MFADevices: [], IsTruncated: false };
    },
  }),
  ListServiceSpecificCredentials: operation<ListServiceSpecificCredentialsRequest, ListServiceSpecificCredentialsResponse>({
    kind: 'read',
    access: (input, call) => (input.AllUsers === true ? onAccount() : onUser(input, call)),
    run: (input, call) => {
      if (input.AllUsers !== true) userOf(call, input.UserName);
      return { ServiceSpecificCredentials: [], IsTruncated: false };
    },
  }),
  ListSSHPublicKeys: operation<ListSSHPublicKeysRequest, ListSSHPublicKeysResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => {
      userOf(call, input.UserName);
      return { SSHPublicKeys: [], IsTruncated: false };
    },
  }),
  ListSigningCertificates: operation<ListSigningCertificatesRequest, ListSigningCertificatesResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => {
      userOf(call, input.UserName);
      return { Certificates: [], IsTruncated: false };
    },
  }),
};
