import type { EvidenceFile, EvidenceItem } from '../../src/contracts/evidence.js';
import { parsePayload } from '../../src/contracts/failures.js';
import type { EvidenceRef } from '../../src/contracts/primitives.js';
import { KeepTimelineInput, Timeline } from '../../src/contracts/timeline.js';
import { evidencePath } from '../../src/domain/evidence/paths.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';

/** Ids of the first requests: hundreds would fill the history; the timeline's file has them all. */
const REQUEST_IDS = 5;

/**
 * Puts the timeline that was last built into the evidence store, as an item for the seal. Delivered twice, the same files.
 *
 * @throws TargetNotFound, PreconditionFailed, permanent: a working copy is gone or altered, or the store holds another.
 */
export function createKeepTimeline({
  evidence,
  working,
}: {
  evidence: EvidenceStore;
  working: EvidenceStore;
}): (input: KeepTimelineInput) => Promise<EvidenceItem> {
  return async (raw) => {
    const input = parsePayload(KeepTimelineInput, raw, 'timeline to keep');
    const { incidentId, collectionId, principal, ref, csvRef } = input;
    const json = await working.get(ref);
    const timeline = parsePayload(Timeline, JSON.parse(new TextDecoder().decode(json)), 'timeline');
    const { completeness } = timeline;
    const keep = async (copy: EvidenceRef, extension: 'json' | 'csv'): Promise<EvidenceFile> => {
      const bytes = await working.get(copy);
      const place = { incidentId, collectionId, item: 'timeline' as const, name: 'timeline', extension };
      return {
        ref: await evidence.put(evidencePath(place, bytes), bytes),
        workingCopy: copy,
        api: 'cloudtrail:LookupEvents',
        params: { seeds: timeline.seeds, fromAt: completeness.fromAt },
        region: completeness.regions.join(','),
        account: principal.account,
        requestIds: timeline.requestIds.slice(0, REQUEST_IDS),
        startedAt: completeness.readUntilAt,
        endedAt: completeness.readUntilAt,
        rows: timeline.entries.length,
        truncated: !completeness.complete,
      };
    };
    return {
      item: 'timeline',
      outcome: 'collected',
      files: [await keep(ref, 'json'), await keep(csvRef, 'csv')],
      notes: [...completeness.gaps, ...completeness.notRead],
    };
  };
}
