import { plainText } from '../domain/engine/plain-text.js';
import { redactString } from '../domain/evidence/secret-patterns.js';

/**
 * Text of unknown origin as a report shows it: one line, without anything that moves, hides or reorders text, and without
 * what looks like a secret. Each sink escapes its own marks on top. Cut last, so that a cut leaves no half secret.
 */
export function shown(value: string, limit?: number): string {
  const clean = redactString(plainText(value));
  return limit === undefined ? clean : plainText(clean, limit);
}

/** `2026-11-22 10:00:09`, of an instant in UTC; empty where there is none. */
export function stamp(at: string | undefined): string {
  return at === undefined ? '' : at.slice(0, 19).replace('T', ' ');
}

/** `user/ci-deploy` of `arn:aws:iam::111122223333:user/ci-deploy`; other text as it is. */
export function shortArn(arn: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(arn)?.[1] ?? arn;
}
