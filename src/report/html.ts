import type { IncidentRecord } from '../contracts/record.js';
import type { Timeline } from '../contracts/timeline.js';
import { renderMarkdown } from './markdown.js';

export function renderHtml(record: IncidentRecord, timeline: Timeline | undefined): string {
  return `<pre>${renderMarkdown(record, timeline).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>`;
}
