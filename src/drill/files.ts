import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IncidentState } from '../contracts/incident.js';
import { evidenceFolder, workingFolder } from '../worker/evidence-stores.js';

/** Paths of everything the drill left on disk, by what it is. */
export function drillFiles(state: IncidentState | undefined, dataDir: string): Record<string, string> {
  if (state === undefined) return {};
  const working = (path: string | undefined): string | undefined => (path === undefined ? undefined : join(workingFolder(dataDir), path));
  const { files, timeline, ticket, evidence = [] } = state;
  const url = ticket?.ref.url ?? '';
  const found: Record<string, string | undefined> = {
    report: working(files?.['reportHtml']?.path),
    reportMarkdown: working(files?.['reportMarkdown']?.path),
    metrics: working(files?.['metrics']?.path),
    record: working(files?.['record']?.path),
    timeline: working(timeline?.ref.path),
    timelineCsv: working(timeline?.csvRef.path),
    ticket: url.startsWith('file:') ? fileURLToPath(url) : undefined,
    evidence: evidence.length === 0 ? undefined : join(evidenceFolder(dataDir), state.incidentId),
  };
  return Object.fromEntries(Object.entries(found).flatMap(([name, path]) => (path === undefined ? [] : [[name, path]])));
}
