import { canonicalJson } from '../canonical-json.js';
import { isObject } from '../json-value.js';
import { denyIdentityCenterUserStatement } from './documents.js';
import { statementsIn } from './statements.js';

type Statement = Readonly<Record<string, unknown>>;

/** How the deny of one person stands in a permission set's inline policy. `changed`: under our Sid is something else. */
export function personDenyIn(inlinePolicy: string, userId: string): 'present' | 'absent' | 'changed' {
  const wanted = denyIdentityCenterUserStatement(userId);
  const found = statementsOf(inlinePolicy).find((one) => one['Sid'] === wanted['Sid']);
  if (found === undefined) return 'absent';
  return canonicalJson(found) === canonicalJson(wanted) ? 'present' : 'changed';
}

/** The inline policy with the deny of one person in it, or without; '' when nothing is left. Everything else stays. */
export function withPersonDeny(inlinePolicy: string, { userId, denied }: { userId: string; denied: boolean }): string {
  const wanted = denyIdentityCenterUserStatement(userId);
  const others = statementsOf(inlinePolicy).filter((one) => one['Sid'] !== wanted['Sid']);
  const statements = denied ? [...others, wanted] : others;
  if (statements.length === 0) return '';
  return JSON.stringify({ Version: '2012-10-17', ...restOf(inlinePolicy), Statement: statements });
}

function statementsOf(inlinePolicy: string): Statement[] {
  return statementsIn(policyOf(inlinePolicy));
}

function restOf(inlinePolicy: string): Record<string, unknown> {
  const rest = policyOf(inlinePolicy);
  delete rest['Statement'];
  return rest;
}

function policyOf(inlinePolicy: string): Record<string, unknown> {
  const parsed: unknown = inlinePolicy === '' ? {} : JSON.parse(inlinePolicy);
  return isObject(parsed) ? { ...parsed } : {};
}
