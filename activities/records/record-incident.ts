import { parsePayload } from '../../src/contracts/failures.js';
import { IncidentState } from '../../src/contracts/incident.js';
import { type EvidenceRef, Json } from '../../src/contracts/primitives.js';
import type { RecordResult } from '../../src/contracts/record.js';
import { Timeline } from '../../src/contracts/timeline.js';
import { canonicalJson, sha256Of } from '../../src/domain/canonical-json.js';
import { recordOf } from '../../src/domain/record/record.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import type { ReportWriter } from '../../src/ports/report-writer.js';

export interface RecordIncidentDeps {
  readonly records: RecordStore;
  readonly working: EvidenceStore;
  readonly report: ReportWriter;
}

/**
 * Writes the record of an incident as it stands, with metrics, and the report made from it. A later record replaces the
 * one before; files of the report are named by their content, so none is lost.
 *
 * @throws InvalidPayload, permanent: the state is malformed or its id leaves the folder.
 */
export function createRecordIncident({
  records,
  working,
  report,
}: RecordIncidentDeps): (input: { incidentId: string; state: IncidentState }) => Promise<RecordResult> {
  return async ({ incidentId, state: raw }) => {
    const state = parsePayload(IncidentState, raw, 'incident state');
    const older = await records.readJournal(incidentId);
    // The moment of the last line, not of this attempt: a repeat writes the same record.
    const recordedAt = state.journal.at(-1)?.at ?? older.at(-1)?.at ?? state.openedAt;
    const record = recordOf(state, { older, recordedAt });
    await records.putRecord(incidentId, parsePayload(Json, record, 'incident record'));
    const timeline = await readTimeline(working, state);
    const put = async (ending: string, text: string): Promise<EvidenceRef> =>
      working.put(`${incidentId}/report/report-${sha256Of(text).slice(0, 16)}.${ending}`, new TextEncoder().encode(text));
    return {
      record: await put('json', canonicalJson(record)),
      reportHtml: await put('html', report.html(record, timeline)),
      reportMarkdown: await put('md', report.markdown(record, timeline)),
      metrics: await put('metrics.json', canonicalJson({ incidentId, moments: record.moments, metrics: record.metrics })),
    };
  };
}

/** The whole timeline; a report without it says so. */
async function readTimeline(working: EvidenceStore, { timeline }: IncidentState): Promise<Timeline | undefined> {
  if (timeline === undefined) return undefined;
  const bytes = await working.get(timeline.ref).catch(() => undefined);
  return bytes === undefined ? undefined : Timeline.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
