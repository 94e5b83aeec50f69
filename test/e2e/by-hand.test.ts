import {
  AttachUserPolicyCommand,
  type AttachUserPolicyCommandInput,
  type IAMClient,
  PutUserPermissionsBoundaryCommand,
  type PutUserPermissionsBoundaryCommandInput,
  PutUserPolicyCommand,
  type PutUserPolicyCommandInput,
  UpdateAccessKeyCommand,
  type UpdateAccessKeyCommandInput,
} from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { aHealthEvent } from './alerts.js';
import { journalOf, onlyView, test, type Stage } from './stage.js';

describe.concurrent('the default mode observe', () => {
  test('writes nothing and gives the exact AWS CLI calls; done by hand they are proven by the watch', async ({ setStage }) => {
    const stage = await setStage();
    const suspect = await stage.newUser('reports');
    const { workflowId } = await stage.send(aHealthEvent(suspect));
    const task = await stage.task(workflowId, 'it is handed to a person', ({ choices }) => choices.includes('actNow'));
    const commands = task.lookAt.filter((line) => line.startsWith('aws '));
    expect(onlyView(await stage.incident(workflowId))).toMatchObject({ state: 'handedToPerson', inForce: [] });
    expect(commands.map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
      'iam attach-user-policy',
      'iam put-user-policy',
      'iam put-user-permissions-boundary',
      'iam update-access-key',
    ]);

    for (const command of commands) await runByHand(stage, command);
    await stage.act('complete', workflowId, task.taskId, '--as', 'alex', '--reason', 'typed it in');
    const state = await stage.reaches(workflowId, 'contain is green', ({ steps }) => steps['contain']?.status === 'doneByHand');

    expect(onlyView(state)).toMatchObject({ state: 'proven', byHand: true, inForce: [] });
    expect(onlyView(state).provenBy.join()).toContain('explicit deny in simulation and every access key Inactive');
    expect(state.steps['contain']?.outcome).toContain('reports proven by hand');
    expect(stage.writes()).toEqual([]);
  });

  test('said to be done but not done: the watch says what is missing and contain is not green', async ({ setStage }) => {
    const stage = await setStage();
    const { workflowId } = await stage.send(aHealthEvent(await stage.newUser('reports')));
    const task = await stage.task(workflowId, 'it is handed to a person', ({ choices }) => choices.includes('actNow'));

    await stage.act('complete', workflowId, task.taskId, '--as', 'alex', '--reason', 'I think so');
    const missing = await stage.task(workflowId, 'the watch finds nothing', ({ title }) => title.startsWith('The watch does not find'));

    expect(missing.lookAt).toHaveLength(4);
    expect((await stage.incident(workflowId)).steps['contain']?.status).toBe('running');
    expect(onlyView(await stage.incident(workflowId)).headline).toContain('not proven');
    expect(stage.writes()).toEqual([]);
  });

  test('act now, signed by one person, lets Tourniquet contain it', async ({ setStage }) => {
    const stage = await setStage();
    const { workflowId } = await stage.send(aHealthEvent(await stage.newUser('reports')));
    const task = await stage.task(workflowId, 'it is handed to a person', ({ choices }) => choices.includes('actNow'));

    await stage.act('complete', workflowId, task.taskId, '--choice', 'actNow', '--as', 'alex', '--reason', 'too slow by hand');
    const consent = await stage.task(workflowId, 'a consent is asked', ({ kind }) => kind === 'consent');
    expect(stage.writes()).toEqual([]);
    await stage.act('approve', workflowId, consent.taskId, '--as', 'lea', '--reason', 'go');
    const state = await stage.reaches(workflowId, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');

    expect(onlyView(state)).toMatchObject({ state: 'proven', byHand: false });
    expect(stage.writes()).toHaveLength(4);
    expect(journalOf(state)).toContain('nothing is written: mode observe: nothing is written without a signature; not proven');
  });
});

type Params = Readonly<Record<string, string>>;

/** What the AWS CLI does for each operation; the parameters come from the printed line alone. */
const OPERATIONS: Readonly<Record<string, (iam: IAMClient, params: Params) => Promise<unknown>>> = {
  'attach-user-policy': (iam, params) => iam.send(new AttachUserPolicyCommand(params as unknown as AttachUserPolicyCommandInput)),
  'put-user-policy': (iam, params) => iam.send(new PutUserPolicyCommand(params as unknown as PutUserPolicyCommandInput)),
  'put-user-permissions-boundary': (iam, params) =>
    iam.send(new PutUserPermissionsBoundaryCommand(params as unknown as PutUserPermissionsBoundaryCommandInput)),
  'update-access-key': (iam, params) => iam.send(new UpdateAccessKeyCommand(params as unknown as UpdateAccessKeyCommandInput)),
};

/** Runs a printed AWS CLI line as the account's admin. */
async function runByHand({ admin }: Stage, line: string): Promise<void> {
  const [, , operation = '', ...words] = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const params: Record<string, string> = {};
  for (let at = 0; at < words.length; at += 2) params[pascal(words[at] ?? '')] = words[at + 1] ?? '';
  const run = OPERATIONS[operation];
  if (run === undefined) throw new Error(`not expected: ${line}`);
  await run(admin.iam, params);
}

function pascal(option: string): string {
  return option
    .replace(/^--/, '')
    .split('-')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
}
