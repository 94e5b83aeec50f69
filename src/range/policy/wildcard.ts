const patterns = new Map<string, RegExp>();

/** Whether `text` fits a pattern with `*` (any run of characters) and `?` (one character). Case counts, as in ARNs. */
export function matchesWildcard(pattern: string, text: string): boolean {
  return expressionOf(`text ${pattern}`, () => sourceOf(pattern, '.')).test(text);
}

/**
 * Whether a `Resource` element means an ARN. A wildcard stays within its part, unless it is the part's last character: then it
 * reaches over colons, so `arn:aws:s3:*` is everything in S3 (IAM user guide, "Resource": "Using wildcards in resource ARNs").
 */
export function matchesResource(pattern: string, arn: string): boolean {
  return expressionOf(`resource ${pattern}`, () =>
    splitArn(pattern)
      .map((part, index) => (index === LAST_PART ? sourceOf(part, '.') : sourceOf(part, '[^:]').replace(/\[\^:\]\*$/, '.*')))
      .join(':'),
  ).test(arn);
}

/** The ARN condition operators: the six parts are compared one by one, so a `*` cannot reach over a colon. */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const wanted = splitArn(pattern);
  const actual = splitArn(arn);
  return wanted.length === actual.length && wanted.every((part, index) => matchesWildcard(part, actual[index] ?? ''));
}

/** The resource itself: the sixth part, which may hold colons of its own. */
const LAST_PART = 5;

function splitArn(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= LAST_PART ? parts : [...parts.slice(0, LAST_PART), parts.slice(LAST_PART).join(':')];
}

/** @param one what `?` stands for, and `*` any run of. */
function sourceOf(pattern: string, one: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', `${one}*`)
    .replaceAll('?', one);
}

function expressionOf(name: string, source: () => string): RegExp {
  let expression = patterns.get(name);
  if (expression === undefined) {
    expression = new RegExp(`^${source()}$`, 's');
    patterns.set(name, expression);
  }
  return expression;
}
