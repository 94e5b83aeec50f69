import { isObject } from '../json-value.js';
import { statementsIn } from './statements.js';

/** Taking the quarantine policy off a user or role (aws-domain 2.2, guard (a)). */
const GUARDED_ACTIONS = ['iam:DetachUserPolicy', 'iam:DetachRolePolicy'];

/** Whether an SCP keeps everybody but incident response from taking the quarantine policy off: the statement that a guarded layer rests on. */
export function guardsQuarantine(content: string): boolean {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    return false;
  }
  if (!isObject(parsed)) return false;
  const statements = statementsIn(parsed);
  return GUARDED_ACTIONS.every((action) => statements.some((statement) => guards(statement, action)));
}

function guards(statement: Readonly<Record<string, unknown>>, action: string): boolean {
  if (statement['Effect'] !== 'Deny' || !textsOf(statement['Action']).some((one) => one === action || one === 'iam:Detach*')) return false;
  const texts = JSON.stringify(statement['Condition'] ?? {});
  return texts.includes('policy/ir/IRQuarantine') || texts.includes('policy/ir/*');
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}
