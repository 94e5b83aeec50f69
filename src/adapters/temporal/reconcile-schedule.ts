import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, type ScheduleUpdateOptions } from '@temporalio/client';
import { MAIN_TASK_QUEUE, RECONCILE_EVERY_MINUTES, RECONCILE_SCHEDULE_ID, type WorkflowType } from '../../contracts/names.js';

const RECONCILE: WorkflowType = 'reconcile';
const SUMMARY = 'Looks after everything else: what ended too early, AWS against the containments, alerts without outcome';

/** Where the schedule stands, for `doctor`. */
export interface ScheduleStanding {
  readonly paused: boolean;
  readonly note: string;
  readonly nextAt: Date | undefined;
}

/**
 * Makes the schedule of `reconcile`, or brings the one there is to what this version wants. One that a person has paused
 * stays paused. Any worker may call it at any time.
 */
export async function ensureReconcileSchedule(client: Client): Promise<void> {
  const wanted = {
    spec: { intervals: [{ every: `${RECONCILE_EVERY_MINUTES} minutes` }] },
    // A round looks at what is there now: one that was missed has nothing to catch up on.
    policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
    action: {
      type: 'startWorkflow',
      workflowType: RECONCILE,
      workflowId: RECONCILE,
      taskQueue: MAIN_TASK_QUEUE,
      args: [{}],
      staticSummary: SUMMARY,
    },
  } as const;
  try {
    await client.schedule.create({ scheduleId: RECONCILE_SCHEDULE_ID, ...wanted, spec: { intervals: [...wanted.spec.intervals] } });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const handle = client.schedule.getHandle(RECONCILE_SCHEDULE_ID);
    await handle.update(({ state }): ScheduleUpdateOptions => ({ ...wanted, spec: { intervals: [...wanted.spec.intervals] }, state }));
  }
}

/** The schedule as Temporal has it; undefined when there is none. */
export async function reconcileSchedule(client: Client): Promise<ScheduleStanding | undefined> {
  try {
    const { state, info } = await client.schedule.getHandle(RECONCILE_SCHEDULE_ID).describe();
    return { paused: state.paused, note: state.note ?? '', nextAt: info.nextActionTimes[0] };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
