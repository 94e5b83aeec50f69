import type { IncidentRecord } from '../contracts/record.js';
import { Timeline } from '../contracts/timeline.js';
import type { EvidenceStore } from '../ports/evidence-store.js';

export const REPORT_FORMATS = ['html', 'md', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The report in one format. Renderers are loaded on demand: nothing else draws. */
export async function reportText(format: ReportFormat, record: IncidentRecord, timeline: Timeline | undefined): Promise<string> {
  switch (format) {
    case 'html':
      return (await import('../report/html.js')).renderHtml(record, timeline);
    case 'md':
      return (await import('../report/markdown.js')).renderMarkdown(record, timeline);
    case 'json':
      return `${JSON.stringify(record, null, 2)}\n`;
    default:
      return format satisfies never;
  }
}

/** The whole timeline of a record from the working copies, or why it is not to be had; a report without it says so itself. */
export async function readTimeline(
  store: Pick<EvidenceStore, 'get'>,
  { timeline }: IncidentRecord,
): Promise<{ readonly timeline: Timeline | undefined; readonly missing?: string }> {
  if (timeline === undefined) return { timeline: undefined };
  try {
    return { timeline: Timeline.parse(JSON.parse(new TextDecoder().decode(await store.get(timeline.ref)))) };
  } catch (error) {
    return { timeline: undefined, missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unreadable' };
  }
}
