import { isObject } from '../../../src/domain/json-value.js';
import { matchesWildcard } from '../../../src/range/policy/wildcard.js';

type Test = (record: unknown) => boolean;

/** Terms, brackets and joints: `$.a.b = "x"`, `$.a NOT EXISTS`, `&&`, `||`. */
const TOKEN =
  /\s*(?:(?<open>\()|(?<close>\))|(?<joint>&&|\|\|)|\$\.(?<path>[\w.]+)\s*(?:(?<absent>NOT EXISTS)|(?<sign>!?=)\s*"(?<value>[^"]*)"))/gy;

/**
 * Reads a metric filter over JSON (CloudWatch Logs user guide, "Filter pattern syntax"): comparisons with a wildcard before or
 * after a term, NOT EXISTS, brackets. `&&` binds stronger than `||`.
 *
 * @throws Error for the rest of the syntax
 */
export function readMetricFilter(pattern: string): Test {
  const body = /^\{(.*)\}$/s.exec(pattern.trim())?.[1];
  if (body === undefined) throw new Error('a pattern stands in braces');
  const tokens = [...body.matchAll(TOKEN)];
  if (tokens.map(([text]) => text).join('') !== body.trimEnd()) throw new Error(`cannot read ${body}`);
  const groups = tokens.map(({ groups: found = {} }) => found);
  let next = 0;

  const any = (): Test => {
    const parts = [all()];
    for (; groups[next]?.['joint'] === '||';) {
      next += 1;
      parts.push(all());
    }
    return (record) => parts.some((part) => part(record));
  };
  const all = (): Test => {
    const parts = [one()];
    for (; groups[next]?.['joint'] === '&&';) {
      next += 1;
      parts.push(one());
    }
    return (record) => parts.every((part) => part(record));
  };
  const one = (): Test => {
    const token = groups[next] ?? {};
    next += 1;
    if (token['open'] === undefined) return comparison(token);
    const inner = any();
    if (groups[next]?.['close'] === undefined) throw new Error('a bracket is open');
    next += 1;
    return inner;
  };

  const test = any();
  if (next !== groups.length) throw new Error('something stands behind the end');
  return test;
}

function comparison({ path, absent, sign, value = '' }: Readonly<Record<string, string | undefined>>): Test {
  if (path === undefined) throw new Error('a comparison was expected');
  if (/.\*./.test(value.replace(/^\*|\*$/g, 'x'))) throw new Error(`a wildcard within a term: ${value}`);
  return (record) => {
    const actual = path.split('.').reduce<unknown>((source, name) => (isObject(source) ? source[name] : undefined), record);
    if (absent !== undefined) return actual === undefined;
    return typeof actual === 'string' && matchesWildcard(value, actual) === (sign === '=');
  };
}
