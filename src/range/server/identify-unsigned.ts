import { AwsError } from '../aws-error.js';
import { Facet } from '../facets/facet.js';
import { readAssertion } from '../federation/identity-provider.js';
import type { Account } from '../iam/account.js';
import type { KeyStatus } from '../iam/credentials.js';
import { formOf } from '../wire/query-xml.js';
import type { WireRequest } from '../wire/messages.js';
import type { Authenticated } from './authenticate.js';
import { accountIdIn } from './context.js';

/** The calls that nobody signs, with the parameter that stands in for a signature (STS API reference). */
const UNSIGNED = {
  AssumeRoleWithSAML: { parameter: 'SAMLAssertion', type: 'SAMLUser' },
  AssumeRoleWithWebIdentity: { parameter: 'WebIdentityToken', type: 'WebIdentityUser' },
} as const;

/**
 * Establishes who calls STS with an assertion instead of a signature, and in which account: that of the wanted role.
 *
 * @returns undefined for any other request.
 * @throws AwsError InvalidIdentityToken; AccessDenied when no account has the role
 */
export function identifyUnsigned(accounts: readonly Account[], request: WireRequest, at: number): Authenticated | undefined {
  const form = formOf(request);
  const action = form.get('Action');
  const call = action === 'AssumeRoleWithSAML' || action === 'AssumeRoleWithWebIdentity' ? UNSIGNED[action] : undefined;
  if (call === undefined) return undefined;
  const { provider, subject } = readAssertion(form.get(call.parameter) ?? '');
  const account = accounts.find(({ id }) => id === accountIdIn(form.get('RoleArn') ?? ''));
  if (account === undefined) throw new AwsError('AccessDenied', `Not authorized to perform sts:${action ?? ''}`, 403);
  const credential = {
    accessKeyId: '',
    secretAccessKey: '',
    bearer: { kind: 'external', type: call.type, providerArn: provider, subject, accountId: account.id },
    issuedAt: at,
    status: new Facet<KeyStatus>('Active'),
  } as const;
  return { account, credential, region: regionOf(request), service: 'sts' };
}

/** Nothing but the endpoint says where an unsigned request is served. */
function regionOf({ headers }: WireRequest): string {
  return /^sts\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(headers['host'] ?? '')?.[1] ?? 'us-east-1';
}
