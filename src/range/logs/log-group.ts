/** One line of a log. */
export type LogLine = { readonly at: number; readonly id: string; readonly message: string };

/** A log group of one region. */
export interface LogGroup {
  readonly region: string;
  readonly group: string;
  /** When the log group was made. */
  readonly since: number;
  /** Everything written by a time, oldest first. */
  lines(at: number): LogLine[];
}
