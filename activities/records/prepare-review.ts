import { permanent } from '../../src/contracts/failures.js';
import type { EvidenceRef } from '../../src/contracts/primitives.js';
import { IncidentRecord } from '../../src/contracts/record.js';
import { sha256Of } from '../../src/domain/canonical-json.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import type { ReportWriter } from '../../src/ports/report-writer.js';

/**
 * Prefills the review document of a follow-up from the incident's record. The same record gives the same file.
 *
 * @throws TargetNotFound, permanent: there is no record of the incident.
 */
export function createPrepareReview({
  records,
  working,
  report,
}: {
  records: RecordStore;
  working: EvidenceStore;
  report: Pick<ReportWriter, 'review'>;
}): (input: { incidentId: string; followUpId: string }) => Promise<EvidenceRef> {
  return async ({ incidentId, followUpId }) => {
    const stored = await records.getRecord(incidentId);
    if (stored === undefined) throw permanent('TargetNotFound', `there is no record of ${incidentId}`);
    const text = report.review(IncidentRecord.parse(stored));
    return working.put(`${followUpId}/review/review-${sha256Of(text).slice(0, 16)}.md`, new TextEncoder().encode(text));
  };
}
