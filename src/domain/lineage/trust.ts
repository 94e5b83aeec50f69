import type { LogRecord } from './log-record.js';
import { isObject, listAt, textAt, valueAt } from './values.js';

/** One principal that a trust policy lets in. */
export interface Trusted {
  readonly kind: 'aws' | 'federated' | 'service';
  readonly name: string;
  /** The account it belongs to; `*` for anyone. */
  readonly account?: string | undefined;
}

/** Every principal of every Allow statement of the trust a CreateRole or UpdateAssumeRolePolicy sets. */
export function trustedBy(record: LogRecord): Trusted[] {
  const text = textAt(record.params, 'assumeRolePolicyDocument') ?? textAt(record.params, 'policyDocument');
  const document = text === undefined ? undefined : parsed(text);
  const statement = valueAt(document, 'Statement');
  const statements = isObject(statement) ? [statement] : listAt(document, 'Statement');
  return statements.filter((one) => textAt(one, 'Effect') === 'Allow').flatMap(principalsOf);
}

/** Whether the principal lies outside the accounts we own. Services are inside: they act for the account. */
export function isOutside(trusted: Trusted, owned: ReadonlySet<string>): boolean {
  if (trusted.kind === 'service') return false;
  return trusted.account === undefined ? trusted.kind === 'aws' : !owned.has(trusted.account);
}

/** Whether this caller comes in by that line of the trust policy. */
export function letsIn(trusted: Trusted, record: LogRecord): boolean {
  const { actor } = record;
  if (trusted.kind === 'federated') return trusted.name === actor.provider || trusted.name === textAt(record.params, 'principalArn');
  if (trusted.kind === 'service') return false;
  return trusted.account === '*' || (trusted.account !== undefined && trusted.account === actor.account) || trusted.name === actor.arn;
}

function principalsOf(statement: unknown): Trusted[] {
  const principal = valueAt(statement, 'Principal');
  if (principal === '*') return [{ kind: 'aws', name: '*', account: '*' }];
  return [
    ...names(principal, 'AWS').map((name) => ({ kind: 'aws' as const, name, account: accountOf(name) })),
    ...names(principal, 'Federated').map((name) => ({ kind: 'federated' as const, name, account: accountOf(name) })),
    ...names(principal, 'Service').map((name) => ({ kind: 'service' as const, name })),
  ];
}

function names(principal: unknown, kind: string): string[] {
  const value = valueAt(principal, kind);
  const values = Array.isArray(value) ? value : [value];
  return values.filter((name) => typeof name === 'string');
}

function accountOf(name: string): string | undefined {
  return name === '*' ? '*' : (/^\d{12}$/.exec(name)?.[0] ?? /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(name)?.[1]);
}

/** Raw JSON in requestParameters; some readers hand it over URL-encoded (aws-domain 5.1). */
function parsed(text: string): unknown {
  for (const candidate of [text, decoded(text)]) {
    try {
      const value: unknown = JSON.parse(candidate);
      return value;
    } catch {
      // the next form
    }
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
