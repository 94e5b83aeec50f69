import { isObject } from '../../../src/domain/json-value.js';
import { matchesWildcard } from '../../../src/range/policy/wildcard.js';

/**
 * Whether EventBridge would match an event (EventBridge user guide, "Comparison operators"): exact values, prefix, suffix,
 * wildcard, anything-but, exists, numeric and $or, and lists in the event, of which one member must fit.
 *
 * @throws Error for an operator that it does not know: a pattern would mean something else
 */
export function eventMatches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((filter) => filterMatches(filter, valuesOf(event)));
  if (!isObject(pattern)) throw new Error(`a pattern holds lists and objects, not ${JSON.stringify(pattern)}`);
  if (Array.isArray(event)) return event.some((one) => eventMatches(pattern, one));
  return Object.entries(pattern).every(([name, part]) => {
    if (name === '$or') return Array.isArray(part) && part.some((one) => eventMatches(one, event));
    return eventMatches(part, isObject(event) ? event[name] : undefined);
  });
}

function valuesOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function filterMatches(filter: unknown, values: readonly unknown[]): boolean {
  if (!isObject(filter)) return values.includes(filter);
  const [[operator, operand] = ['', undefined], ...others] = Object.entries(filter);
  if (others.length > 0) throw new Error('a filter has one operator');
  // Only leaves exist.
  if (operator === 'exists') return operand === values.some((value) => !isObject(value));
  return values.some((value) => operates(operator, operand, value));
}

function operates(operator: string, operand: unknown, value: unknown): boolean {
  switch (operator) {
    case 'prefix':
      return texts(operand).some((text) => typeof value === 'string' && value.startsWith(text));
    case 'suffix':
      return texts(operand).some((text) => typeof value === 'string' && value.endsWith(text));
    case 'wildcard':
      return texts(operand).some((text) => typeof value === 'string' && matchesWildcard(text, value));
    case 'anything-but':
      return !(isObject(operand) ? filterMatches(operand, [value]) : valuesOf(operand).includes(value));
    case 'numeric':
      return typeof value === 'number' && comparisons(operand).every(([sign, bound]) => compares(sign, value, bound));
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}

function texts(operand: unknown): string[] {
  const all = valuesOf(operand);
  if (!all.every((one) => typeof one === 'string')) throw new Error('text was expected');
  return all;
}

/** `['>=', 7, '<', 9]` in pairs. */
function comparisons(operand: unknown): [unknown, number][] {
  const all = valuesOf(operand);
  return all.flatMap((sign, index): [unknown, number][] => (index % 2 === 0 ? [[sign, Number(all[index + 1])]] : []));
}

function compares(sign: unknown, value: number, bound: number): boolean {
  switch (sign) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      throw new Error(`unknown comparison ${String(sign)}`);
  }
}
