import type {
  CreateAccessKeyRequest,
  CreateAccessKeyResponse,
  DeleteAccessKeyRequest,
  GetAccessKeyLastUsedRequest,
  GetAccessKeyLastUsedResponse,
  ListAccessKeysRequest,
  ListAccessKeysResponse,
  UpdateAccessKeyRequest,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import { operation, type Operations } from '../../server/operation.js';
import type { Call } from '../../server/call.js';
import type { Credential } from '../credentials.js';
import { keysOf, onAccount, statusOf } from '../lookup.js';
import { namedOwner, onOwner, ownerOf } from '../owner.js';
import { pageOf } from '../paging.js';
import { keyShape } from '../shapes.js';

/** AWS refuses a third key (IAM quotas). */
const MAX_KEYS = 2;

/** Calls about long-term access keys. */
export const accessKeyOperations: Operations = {
  ListAccessKeys: operation<ListAccessKeysRequest, ListAccessKeysResponse>({
    kind: 'read',
    access: onOwner,
    run: (input, call) => {
      const owner = ownerOf(call, input.UserName);
      const { page, paging } = pageOf(keysOf(call, owner), input);
      return { AccessKeyMetadata: page.map((key) => keyShape(key, { userName: namedOwner(owner), view: call.view })), ...paging };
    },
  }),

  CreateAccessKey: operation<CreateAccessKeyRequest, CreateAccessKeyResponse>({
    kind: 'write',
    access: onOwner,
    run: (input, call) => {
      const owner = ownerOf(call, input.UserName);
      if (keysOf(call, owner).length >= MAX_KEYS)
        throw new AwsError('LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS}`, 409);
      const key = call.account.credentials.issue({
        bearer: owner.kind === 'user' ? { kind: 'user', user: owner } : { kind: 'root', accountId: call.account.id },
        issuedAt: Math.floor(call.at / 1000) * 1000,
        origin: { keyId: call.caller.accessKeyId, sourceIp: call.sourceIp },
      });
      return {
        AccessKey: {
          UserName: namedOwner(owner),
          AccessKeyId: key.accessKeyId,
          Status: 'Active',
          SecretAccessKey: key.secretAccessKey,
          CreateDate: new Date(key.issuedAt),
        },
      };
    },
  }),

  UpdateAccessKey: operation<UpdateAccessKeyRequest, object>({
    kind: 'write',
    access: onOwner,
    run: (input, call) => {
      const status = statusOf(input.Status);
      call.account.credentials.setStatus(ownKey(call, input), { status, stamp: call.change() });
      return {};
    },
  }),

  DeleteAccessKey: operation<DeleteAccessKeyRequest, object>({
    kind: 'write',
    access: onOwner,
    run: (input, call) => {
      call.account.credentials.setStatus(ownKey(call, input), { status: 'Deleted', stamp: call.change() });
      return {};
    },
  }),

  GetAccessKeyLastUsed: operation<GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse>({
    kind: 'read',
    access: ({ AccessKeyId: id = '' }, call) => {
      const bearer = call.account.credentials.find(id)?.bearer;
      if (bearer?.kind === 'root') return { resources: [call.account.root.arn] };
      return bearer?.kind === 'user' ? { resources: [bearer.user.arn] } : onAccount();
    },
    run: (input, call) => {
      const id = required(input.AccessKeyId, 'AccessKeyId');
      const key = call.account.credentials.find(id);
      const isGone = key === undefined || key.session !== undefined || key.status.seen(call.view) === 'Deleted';
      if (isGone || (key.bearer.kind !== 'user' && key.bearer.kind !== 'root')) throw noSuchEntity('Access Key', id);
      const { lastUse, bearer } = key;
      const used =
        lastUse === undefined
          ? { ServiceName: 'N/A', Region: 'N/A' }
          : { LastUsedDate: new Date(lastUse.at), ServiceName: lastUse.service, Region: lastUse.region };
      return { UserName: bearer.kind === 'user' ? bearer.user.name : undefined, AccessKeyLastUsed: { LastUsedDate: undefined, ...used } };
    },
  }),
};

function ownKey(call: Call, input: { UserName?: string | undefined; AccessKeyId: string | undefined }): Credential {
  const id = required(input.AccessKeyId, 'AccessKeyId');
  const key = keysOf(call, ownerOf(call, input.UserName)).find(({ accessKeyId }) => accessKeyId === id);
  if (key === undefined) throw noSuchEntity('Access Key', id);
  return key;
}
