/** One check of `doctor`. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do; given unless the check is ok. */
  readonly fix?: string;
}

/** The first line of an error, for a finding's detail. */
export function shortMessage(error: unknown): string {
  return error instanceof Error ? (`${error.name}: ${error.message}`.split('\n')[0] ?? error.name) : 'unknown error';
}
