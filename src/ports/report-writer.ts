import type { IncidentRecord } from '../contracts/record.js';
import type { Timeline } from '../contracts/timeline.js';

/** Renders what is left of an incident for people. Pure: the same record gives the same text. */
export interface ReportWriter {
  /** One self-contained HTML file. Without the timeline it says so. */
  readonly html: (record: IncidentRecord, timeline: Timeline | undefined) => string;
  readonly markdown: (record: IncidentRecord, timeline: Timeline | undefined) => string;
  /** The prefilled review document of a follow-up, Markdown. */
  readonly review: (record: IncidentRecord) => string;
}
