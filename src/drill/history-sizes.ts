import type { Session } from '../cli/context.js';
import type { IncidentState } from '../contracts/incident.js';

/** How long the history of one workflow has become in its current run, beside its budget (design 7). */
export interface HistorySize {
  readonly workflowId: string;
  readonly events: number;
  readonly bytes: number;
  readonly budgetEvents: number;
  /** Absent where only events are budgeted. */
  readonly budgetBytes?: number;
}

/** Design 7: an incident stays within 600 events and 512 KiB, a containment without drift within 400 events. */
export const HISTORY_BUDGETS = {
  incident: { budgetEvents: 600, budgetBytes: 512 * 1024 },
  containment: { budgetEvents: 400 },
} as const;

/** The incident first, then its containments. */
export async function historySizes({ client }: Session, { lockId, scope }: IncidentState): Promise<HistorySize[]> {
  const wanted = [
    { workflowId: lockId, budget: HISTORY_BUDGETS.incident },
    ...Object.keys(scope).map((workflowId) => ({ workflowId, budget: HISTORY_BUDGETS.containment })),
  ];
  return Promise.all(
    wanted.map(async ({ workflowId, budget }) => {
      const { historyLength, historySize = 0 } = await client.workflow.getHandle(workflowId).describe();
      return { workflowId, events: historyLength, bytes: historySize, ...budget };
    }),
  );
}

/** `142 of 600 events, 118.3 of 512 KiB`. */
export function sizeText({ events, bytes, budgetEvents, budgetBytes }: HistorySize): string {
  const kib = (bytes / 1024).toFixed(1);
  return `${events} of ${budgetEvents} events, ${kib}${budgetBytes === undefined ? '' : ` of ${budgetBytes / 1024}`} KiB`;
}
