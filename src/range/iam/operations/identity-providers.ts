import type {
  CreateOpenIDConnectProviderRequest,
  CreateOpenIDConnectProviderResponse,
  CreateSAMLProviderRequest,
  CreateSAMLProviderResponse,
  DeleteOpenIDConnectProviderRequest,
  DeleteSAMLProviderRequest,
  ListOpenIDConnectProvidersResponse,
  ListSAMLProvidersResponse,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required, validationError } from '../../aws-error.js';
import type { FacetMap } from '../../facets/facet-map.js';
import type { Call } from '../../server/call.js';
import { operation, type Operations } from '../../server/operation.js';
import type { IdentityProvider } from '../account.js';
import { onAccount } from '../lookup.js';

/** Calls about identity providers that roles may trust. The range keeps neither metadata nor thumbprints: it checks no signatures. */
export const identityProviderOperations: Operations = {
  CreateSAMLProvider: operation<CreateSAMLProviderRequest, CreateSAMLProviderResponse>({
    kind: 'write',
    access: ({ Name: name = '' }, call) => ({ resources: [samlArn(call, name)] }),
    run: (input, call) => {
      const name = required(input.Name, 'Name');
      required(input.SAMLMetadataDocument, 'SAMLMetadataDocument');
      return { SAMLProviderArn: add(call, call.account.samlProviders, { arn: samlArn(call, name), name }) };
    },
  }),

  ListSAMLProviders: operation<object, ListSAMLProvidersResponse>({
    kind: 'read',
    access: onAccount,
    run: (_input, { account, view }) => ({
      SAMLProviderList: account.samlProviders.seen(view).map(([Arn, { createdAt }]) => ({ Arn, CreateDate: new Date(createdAt) })),
    }),
  }),

  DeleteSAMLProvider: operation<DeleteSAMLProviderRequest, object>({
    kind: 'write',
    access: ({ SAMLProviderArn: arn = '*' }) => ({ resources: [arn] }),
    run: (input, call) => remove(call, call.account.samlProviders, required(input.SAMLProviderArn, 'SAMLProviderArn')),
  }),

  CreateOpenIDConnectProvider: operation<CreateOpenIDConnectProviderRequest, CreateOpenIDConnectProviderResponse>({
    kind: 'write',
    access: ({ Url: url = '' }, call) => ({ resources: [oidcArn(call, url)] }),
    run: (input, call) => {
      const url = required(input.Url, 'Url');
      if (!url.startsWith('https://')) throw validationError('Invalid Open ID Connect Provider URL');
      const arn = oidcArn(call, url);
      return { OpenIDConnectProviderArn: add(call, call.account.oidcProviders, { arn, name: hostOf(url) }) };
    },
  }),

  ListOpenIDConnectProviders: operation<object, ListOpenIDConnectProvidersResponse>({
    kind: 'read',
    access: onAccount,
    run: (_input, { account, view }) => ({ OpenIDConnectProviderList: account.oidcProviders.seen(view).map(([Arn]) => ({ Arn })) }),
  }),

  DeleteOpenIDConnectProvider: operation<DeleteOpenIDConnectProviderRequest, object>({
    kind: 'write',
    access: ({ OpenIDConnectProviderArn: arn = '*' }) => ({ resources: [arn] }),
    run: (input, call) => remove(call, call.account.oidcProviders, required(input.OpenIDConnectProviderArn, 'OpenIDConnectProviderArn')),
  }),
};

/** @throws AwsError EntityAlreadyExists */
function add(call: Call, providers: FacetMap<IdentityProvider>, { arn, name }: Pick<IdentityProvider, 'arn' | 'name'>): string {
  if (providers.get(arn) !== undefined) throw new AwsError('EntityAlreadyExists', `Provider with ARN ${arn} already exists.`, 409);
  providers.set(arn, { arn, name, createdAt: Math.floor(call.at / 1000) * 1000 }, call.creation());
  return arn;
}

/** @throws AwsError NoSuchEntity */
function remove(call: Call, providers: FacetMap<IdentityProvider>, arn: string): object {
  if (providers.get(arn) === undefined) throw noSuchEntity('provider', arn);
  providers.remove(arn, call.change());
  return {};
}

function samlArn({ account }: Call, name: string): string {
  return `arn:aws:iam::${account.id}:saml-provider/${name}`;
}

function oidcArn({ account }: Call, url: string): string {
  return `arn:aws:iam::${account.id}:oidc-provider/${hostOf(url)}`;
}

/** IAM leaves the scheme out of the ARN. */
function hostOf(url: string): string {
  return url.replace(/^https:\/\//, '').replace(/\/$/, '');
}
