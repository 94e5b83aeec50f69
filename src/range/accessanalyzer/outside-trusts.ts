import { createHash } from 'node:crypto';
import type { Account } from '../iam/account.js';
import type { Role } from '../iam/model.js';
import { parsePolicy } from '../policy/document.js';

/** Somebody outside the account whom a role's trust policy lets in. */
export type OutsideTrust = { readonly id: string; readonly role: Role; readonly principal: string; readonly isPublic: boolean };

/** Every outside principal of every role, as configured. An analyzer of AWS needs up to 30 minutes for that; this one none. */
export function outsideTrusts(account: Account): OutsideTrust[] {
  return account.roles.list().flatMap((role) => {
    const statements = parsePolicy(role.trust.latest(), 'trust').statements.filter(({ effect }) => effect === 'Allow');
    const principals = new Set(statements.flatMap(({ principals: named = [] }) => named).filter((one) => isOutside(account, one)));
    return [...principals].map((principal) => ({ id: idOf(role, principal), role, principal, isPublic: principal === '*' }));
  });
}

function isOutside({ id }: Account, principal: string): boolean {
  if (principal === '*') return true;
  const owner = /^\d{12}$/.test(principal) ? principal : /^arn:aws:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
  return owner !== undefined && owner !== id;
}

/** The same finding has the same id at every look. */
function idOf({ id }: Role, principal: string): string {
  const hash = createHash('sha256').update(`${id} ${principal}`).digest('hex');
  return [hash.slice(0, 8), hash.slice(8, 12), `4${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`, hash.slice(20, 32)].join('-');
}
