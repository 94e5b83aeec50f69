import type { Task } from '../../src/contracts/task.js';
import type { Incident } from './incident.js';

/** Journals a task that was just opened, in the name of who asked for it, and tells its team. */
export function announceTask(incident: Incident, task: Task, who?: string): void {
  incident.journal(`${task.taskId} opened: ${task.title}`, who);
  tellTask(incident, task);
}

/** Tells the team of a task what it is asked; a step that could not act pages. */
export function tellTask(incident: Incident, { taskId, team, kind, title, lookAt }: Task): void {
  incident.tell({ team, kind: kind === 'blocked' ? 'page' : 'task', title: `${taskId} ${title}`, lines: lookAt });
}
