import { GetUserCommand } from '@aws-sdk/client-iam';
import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { describe, expect } from 'vitest';
import { createAwsClients } from '../../src/adapters/aws/clients.js';
import { aHealthEvent, suspectIn } from './alerts.js';
import { pageOf } from './pages.js';
import { journalOf, test } from './stage.js';
import { until } from './until.js';

describe.concurrent('what proven rests on', () => {
  test('with every positive sign suppressed the state is quiet, and no page, list or command claims more', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    stage.range.faults.suppressSigns();
    const code = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
    stage.range.faults.add({ id: 'noSimulation', match: { api: 'iam:SimulatePrincipalPolicy' }, effect: code });
    stage.range.startActors(['opportunist']);
    const { workflowId } = await stage.send(aHealthEvent(suspectIn(stage.range, 'ci-deploy')));

    await stage.containmentReaches(workflowId, 'the containment is quiet', ({ state }) => state === 'quiet');
    await until('the attacker has been refused and the list says quiet', async () =>
      (await stage.act('list')).includes('quiet') &&
      stage.range.ledger().some(({ actor, errorCode }) => actor === 'opportunist' && errorCode === 'AccessDenied')
        ? true
        : undefined,
    );
    const [listed] = JSON.parse(`[${await stage.act('list', '--json')}]`) as { containment: string }[];
    const pages = {
      incident: await pageOf(stage, workflowId),
      containment: await pageOf(stage, workflowId.replace('incident/', 'containment/')),
      show: await stage.act('show', workflowId),
    };

    expect(listed?.containment).toBe('quiet');
    for (const [name, page] of Object.entries(pages)) {
      expect(page, name).toContain('not proven');
      // Nothing is left of the word but column and row titles.
      expect(page.replaceAll(/not proven|\| proven \|/g, ''), name).not.toContain('proven');
    }
    expect(pages.containment).toContain('no positive sign: no refused call seen');
    expect((await stage.incident(workflowId)).steps['contain']?.status).toBe('running');
  });

  test('a success that CloudTrail delivers 9 s late withdraws proven loudly, contain runs again, and it is proven again', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto', range: { propagationSeconds: { min: 2, max: 2.5 } } });
    const { range } = stage;
    const suspect = suspectIn(range, 'ci-deploy');
    const attacker = createAwsClients({ endpoint: range.endpoint, credentials: range.identities.leaked });
    const { workflowId } = await stage.send(aHealthEvent(suspect));
    await until('the first deny is written', () => stage.writes()[0]);
    range.faults.add({
      id: 'late',
      match: { api: 'iam:GetUser', accessKeyId: suspect.accessKeyId },
      effect: { kind: 'deliverLate', seconds: 9 },
    });
    // The denies take 2 s to be enforced: this call still gets through.
    await attacker.iam.send(new GetUserCommand({ UserName: suspect.userName }));

    const first = await stage.reaches(workflowId, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');
    const firstEffective = Object.values(first.scope)[0]?.effectiveFromAt ?? '';
    const withdrawn = await stage.containmentReaches(workflowId, 'the claim is withdrawn', (view) => view.withdrawn === 1);
    const journal = journalOf(await stage.incident(workflowId));
    expect(journal).toMatch(/PROVEN WITHDRAWN: GetUser succeeded at .+ with AKIA.+ delivered late/);
    expect(journal).toContain('PROOF WITHDRAWN for ci-deploy');
    expect(withdrawn.headline).toContain('not proven');

    const again = await stage.reaches(workflowId, 'it is proven again', ({ steps, scope }) => {
      const [view] = Object.values(scope);
      return view?.state === 'proven' && view.withdrawn === 1 && steps['contain']?.status === 'done';
    });
    expect(Date.parse(Object.values(again.scope)[0]?.effectiveFromAt ?? '')).toBeGreaterThan(Date.parse(firstEffective));
    expect(again.journal.filter(({ text }) => text.startsWith('contain done: '))).toHaveLength(2);
    await expect(attacker.cloudTrail('us-east-1').send(new DescribeTrailsCommand({}))).rejects.toThrow();
  });
});
