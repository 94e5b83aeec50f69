import type {
  DeleteSSHPublicKeyRequest,
  GetSSHPublicKeyRequest,
  GetSSHPublicKeyResponse,
  ListSSHPublicKeysRequest,
  ListSSHPublicKeysResponse,
  UpdateSSHPublicKeyRequest,
  UploadSSHPublicKeyRequest,
  UploadSSHPublicKeyResponse,
} from '@aws-sdk/client-iam';
import { createHash } from 'node:crypto';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import { UNIQUE_ID_ALPHABET } from '../../random/random.js';
import type { Call } from '../../server/call.js';
import { operation, type Operations } from '../../server/operation.js';
import { onUser, statusOf, userOf } from '../lookup.js';
import type { User } from '../model.js';
import type { SshKey } from '../other-credentials.js';
import { pageOf } from '../paging.js';

/** A user has at most five SSH public keys (IAM quotas). */
const MAX_KEYS = 5;

/** `ssh-rsa AAAA… comment`, or the same key as PEM. */
const SSH_RSA = /^ssh-rsa (?<key>[A-Za-z0-9+/]{16,}={0,2})(?: .*)?$/;
const PEM = /^-----BEGIN PUBLIC KEY-----\s(?<key>[A-Za-z0-9+/=\s]{16,})-----END PUBLIC KEY-----$/;

/** Calls about SSH public keys (CodeCommit). */
export const sshKeyOperations: Operations = {
  ListSSHPublicKeys: operation<ListSSHPublicKeysRequest, ListSSHPublicKeysResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      const { page, paging } = pageOf(user.sshKeys.seen(call.view), input);
      return { SSHPublicKeys: page.map(([, key]) => metadata(user, key)), ...paging };
    },
  }),

  GetSSHPublicKey: operation<GetSSHPublicKeyRequest, GetSSHPublicKeyResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => {
      const { user, key } = ownKey(call, input);
      return { SSHPublicKey: { ...metadata(user, key), Fingerprint: key.fingerprint, SSHPublicKeyBody: key.body } };
    },
  }),

  UploadSSHPublicKey: operation<UploadSSHPublicKeyRequest, UploadSSHPublicKeyResponse>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      const body = required(input.SSHPublicKeyBody, 'SSHPublicKeyBody').trim();
      const fingerprint = fingerprintOf(body);
      const others = user.sshKeys.seen();
      if (others.some(([, other]) => other.fingerprint === fingerprint))
        throw new AwsError('DuplicateSSHPublicKey', 'The SSH public key is already associated with the user.');
      if (others.length >= MAX_KEYS) throw new AwsError('LimitExceeded', `Cannot exceed quota for SSHPublicKeysPerUser: ${MAX_KEYS}`, 409);
      const uploadedAt = Math.floor(call.at / 1000) * 1000;
      const key: SshKey = { id: `APKA${call.random.text(UNIQUE_ID_ALPHABET, 17)}`, body, fingerprint, uploadedAt, status: 'Active' };
      user.sshKeys.set(key.id, key, call.creation());
      return { SSHPublicKey: { ...metadata(user, key), Fingerprint: fingerprint, SSHPublicKeyBody: body } };
    },
  }),

  UpdateSSHPublicKey: operation<UpdateSSHPublicKeyRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const { user, key } = ownKey(call, input);
      user.sshKeys.set(key.id, { ...key, status: statusOf(input.Status) }, call.change());
      return {};
    },
  }),

  DeleteSSHPublicKey: operation<DeleteSSHPublicKeyRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const { user, key } = ownKey(call, input);
      user.sshKeys.remove(key.id, call.change());
      return {};
    },
  }),
};

/** @throws AwsError InvalidPublicKey */
function fingerprintOf(body: string): string {
  const encoded = (SSH_RSA.exec(body) ?? PEM.exec(body))?.groups?.['key'];
  if (encoded === undefined) throw new AwsError('InvalidPublicKey', 'The public key is malformed or otherwise invalid.');
  const digest = createHash('md5').update(Buffer.from(encoded, 'base64')).digest('hex');
  return digest.match(/../g)?.join(':') ?? digest;
}

function ownKey(call: Call, input: { UserName?: string | undefined; SSHPublicKeyId: string | undefined }): { user: User; key: SshKey } {
  const id = required(input.SSHPublicKeyId, 'SSHPublicKeyId');
  const user = userOf(call, input.UserName);
  const key = user.sshKeys.get(id, call.view);
  if (key === undefined) throw noSuchEntity('Public Key', id);
  return { user, key };
}

function metadata({ name }: User, { id, status, uploadedAt }: SshKey) {
  return { UserName: name, SSHPublicKeyId: id, Status: status, UploadDate: new Date(uploadedAt) };
}
