import { AwsError } from '../aws-error.js';

type Matches = (message: string) => boolean;

/** `{ $.api = "sts:AssumeRole" && $.ok = "true" }` */
const COMPARISON = /^\$\.(?<path>[\w.]+)\s*(?<sign>!?=)\s*"(?<value>[^"]*)"$/;

/**
 * Reads a filter pattern: terms that must all occur (quoted or not), and equalities of JSON fields joined by `&&`
 * (CloudWatch Logs user guide, "Filter pattern syntax").
 *
 * @throws AwsError InvalidParameterException for the rest of the syntax: ignoring a pattern would show too much
 */
export function readFilterPattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text.startsWith('{')) return readFieldPattern(text);
  if (/[?\-[\]%]/.test(text.replaceAll(/"[^"]*"/g, ''))) throw unsupported(pattern);
  const terms = [...text.matchAll(/"(?<quoted>[^"]+)"|(?<bare>\S+)/g)].map(({ groups }) => groups?.['quoted'] ?? groups?.['bare'] ?? '');
  return (message) => terms.every((term) => message.includes(term));
}

function readFieldPattern(pattern: string): Matches {
  const comparisons = pattern
    .slice(1, -1)
    .split('&&')
    .map((part) => COMPARISON.exec(part.trim())?.groups);
  return (message) =>
    comparisons.every((groups) => {
      const { path, sign, value } = groups ?? {};
      if (path === undefined) throw unsupported(pattern);
      const actual = path.split('.').reduce<unknown>((source, name) => memberOf(source, name), parsed(message));
      return typeof actual === 'string' && (actual === value) === (sign === '=');
    });
}

function memberOf(source: unknown, name: string): unknown {
  return typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function unsupported(pattern: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid filter pattern: ${pattern}`);
}
