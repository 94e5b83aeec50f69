import type { Role } from '../../contracts/callers.js';

/** What a route needs its caller to be allowed. */
export type Permission = 'read' | 'act' | 'sign' | 'send';

const GRANTS: Readonly<Record<Role, readonly Permission[]>> = {
  sender: ['send'],
  responder: ['read', 'act'],
  approver: ['read', 'act', 'sign'],
  manager: ['read'],
  admin: ['read', 'act', 'sign', 'send'],
};

/** Who calls, by a token and nothing else. */
export interface Caller {
  readonly subject: string;
  /** `local`, or the issuer of the access token. */
  readonly issuer: string;
  readonly roles: readonly Role[];
  /** Teams that the identity provider says the caller is in now; undefined for local people, whose teams are in people.yaml. */
  readonly teams?: readonly string[] | undefined;
}

/** Whether one of the caller's roles grants it. */
export function may({ roles }: Pick<Caller, 'roles'>, permission: Permission): boolean {
  return roles.some((role) => GRANTS[role].includes(permission));
}
