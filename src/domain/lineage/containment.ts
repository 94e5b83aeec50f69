import type { Credential } from './trace.js';
import { byText } from './values.js';

export interface Call {
  readonly api: string;
  readonly target: string;
}

/** The calls that end the living credentials, each once, in order. Credentials of accounts that are not ours have none. */
export function containmentOf(alive: readonly Credential[], owned: ReadonlySet<string>): Call[] {
  const calls = new Map<string, Call>();
  for (const credential of alive) {
    if (!isOurs(credential, owned)) continue;
    const call = callFor(credential);
    calls.set(`${call.api} ${call.target}`, call);
  }
  return sortedCalls([...calls.values()]);
}

/** Order of the list: by call, then by target. */
export function sortedCalls(calls: readonly Call[]): Call[] {
  return calls.toSorted((a, b) => byText(a.api, b.api) || byText(a.target, b.target));
}

/** Whether the credential belongs to an account of ours, or to one the log does not name. */
export function isOurs({ principal }: Credential, owned: ReadonlySet<string>): boolean {
  const account = /^arn:[^:]*:[^:]*:[^:]*:(\d+):/.exec(principal ?? '')?.[1] ?? /^\d{12}$/.exec(principal ?? '')?.[0];
  return account === undefined || owned.has(account);
}

/** Deactivating a key ends no session made from it: these are denied by a policy on the user or role (aws-domain 1.1). */
function callFor({ id, kind, principal = id }: Credential): Call {
  switch (kind) {
    case 'access-key':
      return { api: 'iam:UpdateAccessKey', target: id };
    case 'service-specific-credential':
      return { api: 'iam:UpdateServiceSpecificCredential', target: id };
    case 'secret':
      return id.includes(':parameter/') || !id.includes(':secret:') ? secretByName(id) : { api: 'secretsmanager:RotateSecret', target: id };
    case 'root-session':
      return { api: 'organizations:AttachPolicy', target: principal };
    default:
      return sessionCall(principal);
  }
}

/** A parameter has a path for a name; a secret may be named without its ARN. */
function secretByName(id: string): Call {
  return { api: id.startsWith('/') || id.includes(':parameter/') ? 'ssm:PutParameter' : 'secretsmanager:RotateSecret', target: id };
}

function sessionCall(principal: string): Call {
  if (/:root$|^\d{12}$/.test(principal)) return { api: 'organizations:AttachPolicy', target: principal };
  if (principal.includes('/AWSReservedSSO_')) return { api: 'sso:PutInlinePolicyToPermissionSet', target: principal };
  return { api: principal.includes(':user/') ? 'iam:PutUserPolicy' : 'iam:PutRolePolicy', target: principal };
}
