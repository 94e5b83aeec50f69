import type { Stage } from './stage.js';

/** A person asks for the undo, two others sign. */
export async function undoByTwo(stage: Stage, workflowId: string): Promise<void> {
  await stage.act('undo', workflowId, '--as', 'alex', '--reason', 'false positive');
  const { taskId } = await stage.task(workflowId, 'the undo asks for consent', ({ consent }) => consent?.action === 'restore');
  for (const subject of ['lea', 'mara']) await stage.act('approve', workflowId, taskId, '--as', subject, '--reason', 'false positive');
}
