import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { renderHtml } from '/work/main/src/report/html.js';
import { renderMarkdown } from '/work/main/src/report/markdown.js';
import { anIncidentRecord, anOpenRecord, aTimeline, anEntry, HOSTILE } from '/work/main/test/fixtures/record.js';
it('renders', () => {
  const t = Date.now();
  writeFileSync('/tmp/rep/closed.html', renderHtml(anIncidentRecord(), aTimeline()));
  console.log(Date.now() - t);
  writeFileSync('/tmp/rep/open.html', renderHtml(anOpenRecord(), aTimeline()));
  writeFileSync('/tmp/rep/closed.md', renderMarkdown(anIncidentRecord(), aTimeline()));
});
