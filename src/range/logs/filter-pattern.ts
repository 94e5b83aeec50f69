import { AwsError } from '../aws-error.js';
import { parseFieldPattern } from './field-pattern.js';

type Matches = (message: string) => boolean;

/**
 * Reads a filter pattern: terms that must all occur (quoted or not), or conditions on JSON fields in braces
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
  const holds = pattern.endsWith('}') ? parseFieldPattern(pattern.slice(1, -1)) : undefined;
  if (holds === undefined) throw unsupported(pattern);
  return (message) => holds(parsed(message));
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
