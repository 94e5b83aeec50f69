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
import { keysOf, onAccount, onUser, statusOf, userOf } from '../lookup.js';
import { pageOf } from '../paging.js';
import { keyShape } from '../shapes.js';

/** AWS refuses a third key (IAM quotas). */
const MAX_KEYS = 2;

/** Calls about long-term access keys. */
export const accessKeyOperations: Operations = {
  ListAccessKeys: operation<ListAccessKeysRequest, ListAccessKeysResponse>({
    kind: 'read',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      const { page, paging } = pageOf(keysOf(call, user), input);
      return { AccessKeyMetadata: page.map((key) => keyShape(key, { userName: user.name, view: call.view })), ...paging };
    },
  }),

  CreateAccessKey: operation<CreateAccessKeyRequest, CreateAccessKeyResponse>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      if (keysOf(call, user).length >= MAX_KEYS)
        throw new AwsError('LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS}`, 409);
      const key = call.account.credentials.issue({
        bearer: { kind: 'user', user },
        issuedAt: Math.floor(call.at / 1000) * 1000,
        origin: { keyId: call.caller.accessKeyId, sourceIp: call.sourceIp },
      });
      return {
        AccessKey: {
          UserName: user.name,
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
    access: onUser,
    run: (input, call) => {
      const status = statusOf(input.Status);
      call.account.credentials.setStatus(ownKey(call, input), { status, stamp: call.change() });
      return {};
    },
  }),

  DeleteAccessKey: operation<DeleteAccessKeyRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      call.account.credentials.setStatus(ownKey(call, input), { status: 'Deleted', stamp: call.change() });
      return {};
    },
  }),

  GetAccessKeyLastUsed: operation<GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse>({
    kind: 'read',
    access: ({ AccessKeyId: id = '' }, call) => {
      const bearer = call.account.credentials.find(id)?.bearer;
      return bearer?.kind === 'user' ? { resources: [bearer.user.arn] } : onAccount();
    },
    run: (input, call) => {
      const id = required(input.AccessKeyId, 'AccessKeyId');
      const key = call.account.credentials.find(id);
      if (key === undefined || key.session !== undefined || key.bearer.kind !== 'user' || key.status.seen(call.view) === 'Deleted')
        throw noSuchEntity('Access Key', id);
      const { lastUse } = key;
      const used =
        lastUse === undefined
          ? { ServiceName: 'N/A', Region: 'N/A' }
          : { LastUsedDate: new Date(lastUse.at), ServiceName: lastUse.service, Region: lastUse.region };
      return { UserName: key.bearer.user.name, AccessKeyLastUsed: { LastUsedDate: undefined, ...used } };
    },
  }),
};

function ownKey(call: Call, input: { UserName?: string | undefined; AccessKeyId: string | undefined }): Credential {
  const id = required(input.AccessKeyId, 'AccessKeyId');
  const key = keysOf(call, userOf(call, input.UserName)).find(({ accessKeyId }) => accessKeyId === id);
  if (key === undefined) throw noSuchEntity('Access Key', id);
  return key;
}
