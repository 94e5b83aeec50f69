import type { Task } from '../../src/contracts/task.js';
import { openTask } from '../../src/domain/engine/tasks.js';
import type { Incident } from '../runtime/incident.js';

/** After a rejection the need stays unmet: a task says so, and lets people ask again or skip. */
export function reportRejected(incident: Incident, task: Task): void {
  const { state } = incident;
  const by = task.answers.find(({ choice }) => choice === 'reject');
  const title = `Not contained: ${by?.subject ?? 'somebody'} rejected "${task.title}"`;
  const { stepId, team, needKey } = task;
  openTask(
    state,
    {
      kind: 'blocked',
      stepId,
      team,
      title,
      lookAt: [by?.reason ?? '', ...task.lookAt],
      choices: ['askAgain', 'skip'],
      needsSignature: false,
      quorum: 1,
      ...(needKey === undefined ? {} : { needKey }),
    },
    Date.now(),
  );
  incident.journal(title);
  incident.tell({ team, kind: 'page', title, lines: [by?.reason ?? ''] });
}
