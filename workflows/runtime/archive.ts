import { isCancellation } from '@temporalio/workflow';
import { archived, linesToArchive } from '../../src/domain/engine/journal.js';
import { read } from './activities.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';

const archiving = 'archive journal';

/** Moves the oldest journal lines to the record store once there are many; one batch at a time. */
export function archiveOldLines(incident: Incident): void {
  const lines = linesToArchive(incident.state);
  if (lines.length > 0 && !incident.run.claiming.has(archiving)) void archive(incident, lines);
}

async function archive(incident: Incident, lines: ReturnType<typeof linesToArchive>): Promise<void> {
  const { state, run } = incident;
  run.claiming.add(archiving);
  try {
    await incident.busy(() =>
      read.archiveJournal.executeWithOptions({ summary: `move ${lines.length} older journal lines to the record store` }, [
        { incidentId: state.incidentId, lines },
      ]),
    );
    archived(state, lines);
    run.claiming.delete(archiving);
  } catch (error) {
    // Not tried again in this run: the lines stay in the state, bounded, and the journal says so.
    if (!isCancellation(error)) incident.journal(`older journal lines could not be archived: ${failureText(error)}`);
  }
}
