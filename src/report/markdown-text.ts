import { text } from '../domain/engine/markdown.js';
import { shown } from './shown.js';

/** Text of unknown origin in Markdown: without secrets, and nothing in it is markup. */
export function md(value: string, limit?: number): string {
  return text(shown(value), limit);
}

/** Several of them in one cell. */
export function mdList(values: readonly string[], none: string): string {
  return values.length === 0 ? none : values.map((value) => md(value)).join('; ');
}
