import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { incidentQuery } from '../../src/contracts/messages.js';
import { notificationJournal } from '../../src/worker/people-systems.js';
import { exposedKey } from '../fixtures/lab/alerts.js';
import { createLab, until } from '../fixtures/lab/lab.js';

test('where the Reader of an account may not be assumed, the incident opens within 60 s and its validate task pages with the reason', async () => {
  const lab = await createLab({ worker: 'here', guarded: true });
  try {
    const effect = { kind: 'error', code: 'AccessDenied', status: 403, message: 'not authorized to perform sts:AssumeRole' } as const;
    lab.range.faults.add({ id: 'closed', match: { api: 'sts:AssumeRole' }, effect });
    const beganAt = Date.now();
    await lab.receive(exposedKey(lab.range));
    const { client } = lab.session;
    const state = await until('an incident is open', async () => {
      for await (const { workflowId } of client.workflow.list({ query: "WorkflowType = 'incidentResponse'" })) {
        const seen = await client.workflow.getHandle(workflowId).query(incidentQuery);
        if (seen.tasks.length > 0 && seen.ladder.pages.length > 0) return seen;
      }
      return undefined;
    });
    const openedMs = Date.now() - beganAt;
    const paged = await until('the page is sent', async () => {
      const journal = await readFile(notificationJournal(lab.stage.env.dataDir), 'utf8');
      return journal.includes('Validate the finding') ? journal : undefined;
    });

    expect(openedMs).toBeLessThan(60_000);
    expect(lab.range.faults.hits('closed')).toBeGreaterThan(0);
    expect(state.tasks[0]).toMatchObject({ stepId: 'validate', title: 'Validate the finding: could not resolve the principal' });
    expect(state.tasks[0]?.lookAt.join('\n')).toContain('PermissionDenied');
    expect(paged).toContain('sts:AssumeRole');
  } finally {
    await lab.close();
  }
});
