import { describe, it } from 'vitest';
import { aContainment, anUndo, aWrite, failureOf, rigsOfThisFile, run } from '../fixtures/activities.js';
import { writesOfResponder } from '../fixtures/range.js';

const ownRig = rigsOfThisFile();
const ALLOW_ALL = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

describe('an undo with 2 valid restore consents and a forged record', () => {
  it('never writes a policy document under our own name', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const { rig } = containment;
    const done = await run(rig.activities.respond.denyUser, await aWrite(containment, 'denyUser'));
    const before = writesOfResponder(rig.range);

    const refused = await failureOf(run(rig.activities.respond.undoDenyUser, await anUndo(containment, { ...done, before: ALLOW_ALL })));

    expect(refused.type).toBe('UnsafeAction');
    expect(writesOfResponder(rig.range)).toEqual(before);
  });
});
