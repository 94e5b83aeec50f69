import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import { ReconcileResult } from '../../src/contracts/reconcile.js';
import { workingFolder } from '../../src/worker/evidence-stores.js';
import { aHealthEvent } from './alerts.js';
import { test } from './stage.js';
import { undoByTwo } from './undo.js';
import { until } from './until.js';

const STEPS = ['documentation', 'lessonsLearned', 'updateDetection', 'preventativeMeasures', 'training'];

describe('the follow-up of a false positive', () => {
  test('is found by its id INC-…-F, names its review document, comes back when terminated, and closes when its steps are done', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto', playbook: 'compromised-credentials' });
    const { client } = stage.session;
    const { workflowId } = await stage.send(aHealthEvent(await stage.newUser('leaked')));
    await stage.reaches(workflowId, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');
    await undoByTwo(stage, workflowId);
    const { incidentId } = await stage.reaches(workflowId, 'it has a follow-up', ({ followUpId }) => followUpId !== undefined);
    const followUp = `follow-up/${incidentId}`;
    const opened = await stage.reaches(
      followUp,
      'five tasks and a ticket',
      ({ tasks, ticket }) => tasks.length === 5 && ticket?.linesSent !== 0,
    );
    const review = await readFile(join(workingFolder(stage.env.dataDir), opened.review?.path ?? ''), 'utf8');
    const shown = await stage.act('show', `${incidentId}-F`);
    await client.workflow.getHandle(followUp).terminate('wrong button');
    const round = await until('reconcile sees it', async () => {
      const args = [{ confirmAfterSeconds: 1 }];
      const result = await client.workflow.execute('reconcile', { workflowId: 'reconcile', taskQueue: MAIN_TASK_QUEUE, args });
      const { findings } = ReconcileResult.parse(result);
      return findings.length > 0 ? findings : undefined;
    });
    const back = await stage.incident(followUp);
    await stage.act('note', `${incidentId}-F`, 'the owner asked for a date', '--as', 'alex');
    for (const step of STEPS) await stage.act('complete', `${incidentId}-F`, step, '--as', 'alex', '--reason', 'done');
    const result: unknown = await client.workflow.getHandle(followUp).result();

    expect(review).toContain(`# Post-incident review of ${incidentId}`);
    expect(shown).toContain(`review document, prefilled: ${opened.review?.path ?? 'none'}`);
    expect(shown).toContain(`tourniquet complete ${incidentId}-F T1`);
    expect(round).toMatchObject([{ kind: 'broughtBack', incidentId: `${incidentId}-F` }]);
    expect(back.tasks).toEqual(opened.tasks);
    expect(back.clocks).toEqual(opened.clocks);
    expect(result).toMatchObject({ incidentId: `${incidentId}-F`, outcome: 'resolved' });
  });
});
