import type {
  CreateServiceSpecificCredentialRequest,
  CreateServiceSpecificCredentialResponse,
  DeleteServiceSpecificCredentialRequest,
  ListServiceSpecificCredentialsRequest,
  ListServiceSpecificCredentialsResponse,
  ServiceSpecificCredentialMetadata,
  UpdateServiceSpecificCredentialRequest,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import { SECRET_ALPHABET, UNIQUE_ID_ALPHABET } from '../../random/random.js';
import type { Call } from '../../server/call.js';
import { operation, type Operations } from '../../server/operation.js';
import { onAccount, onUser, statusOf, userOf } from '../lookup.js';
import type { User } from '../model.js';
import type { ServiceCredential } from '../other-credentials.js';
import { pageOf } from '../paging.js';

/** Services with user name and password, and one with API keys (IAM API reference, CreateServiceSpecificCredential). */
const PASSWORD_SERVICES = ['codecommit.amazonaws.com', 'cassandra.amazonaws.com'];
const API_KEY_SERVICES = ['bedrock.amazonaws.com'];

/** A user has at most two for each service (IAM API reference, CreateServiceSpecificCredential). */
const MAX_PER_SERVICE = 2;

const DAY_MS = 24 * 3_600_000;

/** Calls about service-specific credentials: they go on working when the access keys are switched off. */
export const serviceCredentialOperations: Operations = {
  ListServiceSpecificCredentials: operation<ListServiceSpecificCredentialsRequest, ListServiceSpecificCredentialsResponse>({
    kind: 'read',
    access: (input, call) => (input.AllUsers === true ? onAccount() : onUser(input, call)),
    run: (input, call) => {
      const users = input.AllUsers === true ? call.account.users.list(call.view) : [userOf(call, input.UserName)];
      const found = users.flatMap((user) =>
        user.serviceCredentials.seen(call.view).flatMap(([, one]) => {
          const isWanted = input.ServiceName === undefined || input.ServiceName === one.service;
          return isWanted ? [shape(user, one)] : [];
        }),
      );
      const { page, paging } = pageOf(found, input);
      return { ServiceSpecificCredentials: page, ...paging };
    },
  }),

  CreateServiceSpecificCredential: operation<CreateServiceSpecificCredentialRequest, CreateServiceSpecificCredentialResponse>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      const credential = newCredential(call, { user, input });
      user.serviceCredentials.set(credential.id, credential, call.creation());
      const secret = call.random.text(SECRET_ALPHABET, 44);
      const secretPart = isApiKeyService(credential.service) ? { ServiceCredentialSecret: secret } : { ServicePassword: secret };
      const { CreateDate, ServiceName, ServiceSpecificCredentialId, UserName, Status, ...rest } = shape(user, credential);
      return {
        ServiceSpecificCredential: { CreateDate, ServiceName, ServiceSpecificCredentialId, UserName, Status, ...rest, ...secretPart },
      };
    },
  }),

  UpdateServiceSpecificCredential: operation<UpdateServiceSpecificCredentialRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const { user, credential } = ownCredential(call, input);
      user.serviceCredentials.set(credential.id, { ...credential, status: statusOf(input.Status) }, call.change());
      return {};
    },
  }),

  DeleteServiceSpecificCredential: operation<DeleteServiceSpecificCredentialRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const { user, credential } = ownCredential(call, input);
      user.serviceCredentials.remove(credential.id, call.change());
      return {};
    },
  }),
};

function newCredential(call: Call, { user, input }: { user: User; input: CreateServiceSpecificCredentialRequest }): ServiceCredential {
  const service = required(input.ServiceName, 'ServiceName');
  if (!PASSWORD_SERVICES.includes(service) && !isApiKeyService(service))
    throw new AwsError('NotSupportedService', `The service ${service} does not support service-specific credentials.`, 404);
  const others = user.serviceCredentials.seen().filter(([, one]) => one.service === service).length;
  if (others >= MAX_PER_SERVICE)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ServiceSpecificCredentialsPerUser: ${MAX_PER_SERVICE}`, 409);
  const createdAt = Math.floor(call.at / 1000) * 1000;
  return {
    id: `ACCA${call.random.text(UNIQUE_ID_ALPHABET, 17)}`,
    service,
    loginName: `${user.name}${others === 0 ? '' : `+${others}`}-at-${call.account.id}`,
    createdAt,
    expiresAt: input.CredentialAgeDays === undefined ? undefined : createdAt + input.CredentialAgeDays * DAY_MS,
    status: 'Active',
  };
}

function isApiKeyService(service: string): boolean {
  return API_KEY_SERVICES.includes(service);
}

function ownCredential(
  call: Call,
  input: { UserName?: string | undefined; ServiceSpecificCredentialId: string | undefined },
): { user: User; credential: ServiceCredential } {
  const id = required(input.ServiceSpecificCredentialId, 'ServiceSpecificCredentialId');
  const user = userOf(call, input.UserName);
  const credential = user.serviceCredentials.get(id, call.view);
  if (credential === undefined) throw noSuchEntity('Service Specific Credential', id);
  return { user, credential };
}

function shape(user: User, { id, service, loginName, createdAt, expiresAt, status }: ServiceCredential): ServiceSpecificCredentialMetadata {
  return {
    UserName: user.name,
    Status: status,
    ...(isApiKeyService(service) ? { ServiceCredentialAlias: loginName } : { ServiceUserName: loginName }),
    CreateDate: new Date(createdAt),
    ...(expiresAt === undefined ? {} : { ExpirationDate: new Date(expiresAt) }),
    ServiceSpecificCredentialId: id,
    ServiceName: service,
  };
}
