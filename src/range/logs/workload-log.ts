import type { Recorder } from '../cloudtrail/recorder.js';
import type { LogGroup } from './log-group.js';

/** The log of the workload that a leaked key belongs to. The thief's calls are not in it, which tells the two apart. */
export type WorkloadLog = LogGroup;

/** Whose log it is, and where it stands. */
export type WorkloadLogPlan = Omit<WorkloadLog, 'lines'> & { readonly accessKeyId: string; readonly address: string };

/** Makes the log of what a key did from its workload's own address: one JSON line a call, with AWS's request id. */
export function createWorkloadLog(recorder: Recorder, { accessKeyId, address, ...place }: WorkloadLogPlan): WorkloadLog {
  return {
    ...place,
    lines: (at) =>
      recorder
        .all()
        .filter((event) => event.at <= at)
        .filter(({ record }) => record.userIdentity.accessKeyId === accessKeyId && record.sourceIPAddress === address)
        .map(({ record, at: writtenAt }) => ({
          at: writtenAt,
          id: record.eventID,
          message: JSON.stringify({
            level: record.errorCode === undefined ? 'info' : 'error',
            api: `${record.eventSource.split('.')[0] ?? ''}:${record.eventName}`,
            accessKeyId,
            requestId: record.requestID,
            ...(record.errorCode === undefined ? {} : { error: record.errorCode }),
          }),
        })),
  };
}
