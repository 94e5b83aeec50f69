import type { RequestContext } from './context.js';
import { fillVariables } from './context.js';
import type { Condition } from './document.js';
import { isInNetwork } from './ip-network.js';
import { matchesArn, matchesWildcard } from './wildcard.js';

type Test = (actual: string, wanted: string) => boolean;

const time = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

/** Operators that hold when the request's value fits one of the wanted ones. */
const POSITIVE: Readonly<Record<string, Test>> = {
  StringEquals: (actual, wanted) => actual === wanted,
  StringEqualsIgnoreCase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  StringLike: (actual, wanted) => matchesWildcard(wanted, actual),
  ArnEquals: (actual, wanted) => matchesArn(wanted, actual),
  ArnLike: (actual, wanted) => matchesArn(wanted, actual),
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  IpAddress: (actual, wanted) => isInNetwork(actual, wanted),
  DateEquals: (actual, wanted) => time(actual) === time(wanted),
  DateLessThan: (actual, wanted) => time(actual) < time(wanted),
  DateLessThanEquals: (actual, wanted) => time(actual) <= time(wanted),
  DateGreaterThan: (actual, wanted) => time(actual) > time(wanted),
  DateGreaterThanEquals: (actual, wanted) => time(actual) >= time(wanted),
  NumericEquals: (actual, wanted) => Number(actual) === Number(wanted),
  NumericLessThan: (actual, wanted) => Number(actual) < Number(wanted),
  NumericLessThanEquals: (actual, wanted) => Number(actual) <= Number(wanted),
  NumericGreaterThan: (actual, wanted) => Number(actual) > Number(wanted),
  NumericGreaterThanEquals: (actual, wanted) => Number(actual) >= Number(wanted),
};

/** Operators that hold when the request's value fits none of the wanted ones, and also when the key is absent. */
const NEGATIVE: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
  DateNotEquals: 'DateEquals',
  NumericNotEquals: 'NumericEquals',
};

type Operator = { readonly base: string; readonly ifExists: boolean; readonly quantifier?: 'all' | 'any' };

function readOperator(text: string): Operator {
  const [prefix, rest] = text.includes(':') ? text.split(':') : [undefined, text];
  const name = rest ?? '';
  const ifExists = name.endsWith('IfExists');
  const base = ifExists ? name.slice(0, -'IfExists'.length) : name;
  if (prefix === 'ForAllValues') return { base, ifExists, quantifier: 'all' };
  if (prefix === 'ForAnyValue') return { base, ifExists, quantifier: 'any' };
  return { base: prefix === undefined ? base : text, ifExists };
}

/** Whether the evaluator knows a condition operator, with its `…IfExists` and `ForAllValues:`/`ForAnyValue:` forms. */
export function isConditionOperator(operator: string): boolean {
  const { base, ifExists } = readOperator(operator);
  return (base === 'Null' && !ifExists) || base in POSITIVE || base in NEGATIVE;
}

/** Whether one condition holds for a request. */
export function conditionHolds({ operator, key, values }: Condition, context: RequestContext): boolean {
  const { base, ifExists, quantifier } = readOperator(operator);
  const actual = context.get(key.toLowerCase());
  if (base === 'Null') return values.some((value) => (value === 'true') === (actual === undefined));
  // No value fits `ForAnyValue` when there is none, not even a negated operator (IAM user guide, "Set operators").
  if (actual === undefined) return ifExists || quantifier === 'all' || (quantifier === undefined && base in NEGATIVE);

  const negated = NEGATIVE[base];
  const test = POSITIVE[negated ?? base];
  if (test === undefined) return false;
  const wanted = values.map((value) => fillVariables(value, context)).filter((value) => value !== undefined);
  const fits = (one: string): boolean => wanted.some((value) => test(one, value)) === (negated === undefined);
  const wantsEvery = quantifier === 'all' || (quantifier === undefined && negated !== undefined);
  return wantsEvery ? actual.every(fits) : actual.some(fits);
}
