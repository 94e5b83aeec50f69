import type { Recorder } from '../cloudtrail/recorder.js';
import type { LogGroup } from './log-group.js';

/** The log group that a trail of the account delivers to: every record as one line, once CloudTrail has delivered it. */
export function createTrailLog(recorder: Recorder, place: Omit<LogGroup, 'lines'>): LogGroup {
  return {
    ...place,
    lines: (at) =>
      recorder.delivered(at).map((event) => ({ at: event.at, id: event.record.eventID, message: JSON.stringify(event.record) })),
  };
}
