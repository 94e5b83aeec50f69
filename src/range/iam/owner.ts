import type { Call } from '../server/call.js';
import type { Access } from '../server/operation.js';
import { onUser, userOf } from './lookup.js';
import type { RootUser, User } from './model.js';

/** Whose password, keys and MFA devices a call is about: a user, or root when root calls and names nobody. @throws AwsError NoSuchEntity */
export function ownerOf(call: Call, name: string | undefined): User | RootUser {
  return isOnRoot(call, name) ? call.account.root : userOf(call, name);
}

/** Access to them. */
export function onOwner(input: { readonly UserName?: string | undefined }, call: Call): Access {
  return isOnRoot(call, input.UserName) ? { resources: [call.account.root.arn] } : onUser(input, call);
}

/** The name to answer with; root has none. */
export function namedOwner(owner: User | RootUser): string | undefined {
  return owner.kind === 'user' ? owner.name : undefined;
}

function isOnRoot({ caller }: Call, name: string | undefined): boolean {
  return name === undefined && caller.bearer.kind === 'root';
}
