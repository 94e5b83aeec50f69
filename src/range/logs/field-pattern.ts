import { matchesWildcard } from '../policy/wildcard.js';

/** Whether a log line, as JSON, meets a pattern. */
export type Holds = (line: unknown) => boolean;

const TOKEN = /\s*(?:(?<sign>&&|\|\||!=|=|\(|\))|(?<path>\$(?:\.[\w-]+)+)|"(?<quoted>[^"]*)"|(?<word>[^\s()=!&|"]+))/y;

interface Token {
  readonly kind: 'sign' | 'path' | 'value';
  readonly text: string;
}

/**
 * Conditions on JSON fields: `=` and `!=` with `*` in the value, `EXISTS`, `NOT EXISTS`, `&&`, `||` and parentheses.
 *
 * @returns undefined for what is no such pattern
 */
export function parseFieldPattern(text: string): Holds | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const reader = createReader(tokens);
  const holds = reader.either();
  return reader.isDone() ? holds : undefined;
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const { sign, path, quoted, word } = groups;
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (path !== undefined) tokens.push({ kind: 'path', text: path });
    else tokens.push({ kind: 'value', text: quoted ?? word ?? '' });
  }
  return tokens;
}

/** `||` binds weaker than `&&`, as the user guide's examples have it. */
function createReader(tokens: readonly Token[]): { either: () => Holds | undefined; isDone: () => boolean } {
  let at = 0;
  const isSign = (text: string): boolean => tokens[at]?.kind === 'sign' && tokens[at]?.text === text;
  const takeSign = (text: string): boolean => isSign(text) && ++at > 0;
  const takeWord = (text: string): boolean => tokens[at]?.kind === 'value' && tokens[at]?.text.toUpperCase() === text && ++at > 0;

  const chain = (sign: string, next: () => Holds | undefined, join: (a: Holds, b: Holds) => Holds): Holds | undefined => {
    let left = next();
    while (left !== undefined && takeSign(sign)) {
      const right = next();
      left = right === undefined ? undefined : join(left, right);
    }
    return left;
  };
  const either = (): Holds | undefined => chain('||', both, (a, b) => (line) => a(line) || b(line));
  const both = (): Holds | undefined => chain('&&', one, (a, b) => (line) => a(line) && b(line));

  const one = (): Holds | undefined => {
    if (takeSign('(')) {
      const inner = either();
      return takeSign(')') ? inner : undefined;
    }
    const path = tokens[at];
    if (path?.kind !== 'path') return undefined;
    at += 1;
    return condition(path.text);
  };

  const condition = (path: string): Holds | undefined => {
    if (takeWord('NOT')) return takeWord('EXISTS') ? (line) => fieldAt(line, path) === undefined : undefined;
    if (takeWord('EXISTS')) return (line) => fieldAt(line, path) !== undefined;
    const wanted = isSign('=') || isSign('!=') ? isSign('=') : undefined;
    const value = tokens[at + 1];
    if (wanted === undefined || value?.kind !== 'value') return undefined;
    at += 2;
    return (line) => isLike(fieldAt(line, path), value.text) === wanted;
  };

  return { either, isDone: () => at === tokens.length };
}

/** A field that is not there is neither equal nor unequal to anything. */
function isLike(actual: unknown, value: string): boolean | undefined {
  if (typeof actual !== 'string' && typeof actual !== 'number' && typeof actual !== 'boolean') return undefined;
  return matchesWildcard(value, String(actual));
}

function fieldAt(line: unknown, path: string): unknown {
  return path.split('.').slice(1).reduce<unknown>(memberOf, line);
}

function memberOf(source: unknown, name: string): unknown {
  return typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;
}
