import { describe, expect, it } from 'vitest';
import { failureOf, rigsOfThisFile, run } from '../fixtures/activities.js';
import { anAlert } from '../fixtures/builders.js';
import { CI_DEPLOY, denyResponder } from '../fixtures/range.js';

const aRig = rigsOfThisFile();
const byId = (principalId: string) => anAlert({ source: 'config', principalKind: 'unknown', hints: { principalId } });

describe.concurrent('an alert that names nothing but a unique id', () => {
  it('is about the user who has it', async () => {
    const rig = await aRig();
    const user = rig.range.iamState().users.find(({ name }) => name === CI_DEPLOY);

    expect(await run(rig.activities.main.resolvePrincipal, byId(user?.id ?? ''))).toMatchObject({
      found: true,
      principal: { kind: 'user', name: CI_DEPLOY, uniqueId: user?.id },
    });
  });

  it('is about the role that has it', async () => {
    const rig = await aRig();
    const [role] = rig.range.iamState().roles;

    expect(await run(rig.activities.main.resolvePrincipal, byId(role?.id ?? ''))).toMatchObject({
      found: true,
      principal: { kind: 'role', name: role?.name, uniqueId: role?.id },
    });
  });

  it('is about nobody when nobody has it', async () => {
    const rig = await aRig();

    expect(await run(rig.activities.main.resolvePrincipal, byId('AIDAQYLPMN5HEXAMPLE9'))).toMatchObject({
      found: false,
      why: 'unknown',
      detail: expect.stringContaining('AIDAQYLPMN5HEXAMPLE9'),
    });
  });

  it('fails with the missing permission, so that a person hears of it', async () => {
    const rig = await aRig();
    await denyResponder(rig.range, 'iam:ListUsers');

    expect(await failureOf(run(rig.activities.main.resolvePrincipal, byId('AIDAQYLPMN5HEXAMPLE9')))).toMatchObject({
      type: 'PermissionDenied',
    });
  });
});
