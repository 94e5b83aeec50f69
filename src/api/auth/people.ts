import { LOCAL_ISSUER } from '../../contracts/authority.js';
import type { ApiDeps } from '../api-deps.js';
import { Problem, unauthorized } from '../problem.js';
import { createOidcVerifier } from './oidc.js';
import { may, type Caller, type Permission } from './roles.js';

const BEARER = /^Bearer ([\w.~+/=-]{1,16384})$/i;
const BASIC = /^Basic ([\w+/=-]{1,22000})$/i;
const LOCAL_TOKEN = 'tq_';

/** Says who calls, by the `authorization` header alone. */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

/**
 * People and senders by token: those of this installation, and access tokens of the identity provider. A browser, which has no
 * other way without script, may send the token as the password of HTTP Basic.
 *
 * @throws Problem 401: there is no token, or it is wrong, expired or revoked.
 */
export function createAuthenticate({ tokens, oidc, now }: Pick<ApiDeps, 'tokens' | 'oidc' | 'now'>): Authenticate {
  const byOidc = oidc === undefined ? undefined : createOidcVerifier(oidc);

  async function byLocalToken(token: string): Promise<Caller> {
    const record = await tokens.find(token);
    if (record === undefined) throw unauthorized('the token is not known');
    if (record.revokedAt !== undefined) throw unauthorized('the token is revoked');
    if (Date.parse(record.expiresAt) <= now().getTime()) throw unauthorized('the token has expired');
    return { subject: record.subject, issuer: LOCAL_ISSUER, roles: record.roles };
  }

  return async (authorization) => {
    const token = tokenIn(authorization);
    if (token.startsWith(LOCAL_TOKEN)) return byLocalToken(token);
    if (byOidc === undefined) throw unauthorized('the token is not known');
    return byOidc(token);
  };
}

/** A caller who may do this, and where it changes something, whom people.yaml knows: ownership is judged by it. */
export async function authorize(caller: Caller, permission: Permission, { policies }: Pick<ApiDeps, 'policies'>): Promise<void> {
  if (!may(caller, permission)) throw new Problem(403, `${caller.subject} may not do this: ${needed(permission)} is needed`);
  if (permission === 'read' || permission === 'send') return;
  const { people } = await policies.people();
  if (!people.some(({ subject, issuer }) => subject === caller.subject && issuer === caller.issuer))
    throw new Problem(403, `${caller.subject} of ${caller.issuer} is not in people.yaml`);
}

function needed(permission: Permission): string {
  switch (permission) {
    case 'read':
      return 'role manager, responder, approver or admin';
    case 'act':
      return 'role responder, approver or admin';
    case 'sign':
      return 'role approver or admin';
    case 'send':
      return 'role sender or admin';
    default:
      return permission satisfies never;
  }
}

function tokenIn(authorization: string | undefined): string {
  if (authorization === undefined) throw unauthorized('authorization: expected Bearer and a token');
  const [, bearer] = BEARER.exec(authorization) ?? [];
  if (bearer !== undefined) return bearer;
  const [, basic] = BASIC.exec(authorization) ?? [];
  const password = basic === undefined ? undefined : /^[^:]*:(.+)$/s.exec(Buffer.from(basic, 'base64').toString('utf8'))?.[1];
  if (password === undefined) throw unauthorized('authorization: expected Bearer and a token');
  return password;
}
