import { IAMClient } from '@aws-sdk/client-iam';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import { MOTO } from '../fixtures/emulators/moto.js';
import { emulatorOrSkip } from '../fixtures/emulators/skip.js';
import { aRange } from '../fixtures/range.js';
import { IAM_ROLES } from './moto-wire/iam-roles.js';
import { IAM_USERS } from './moto-wire/iam-users.js';
import { KNOWN } from './moto-wire/known.js';
import { differencesOf } from './moto-wire/members.js';
import { ORGANIZATIONS, prepareMoto } from './moto-wire/organizations.js';
import { playScript, type Step } from './moto-wire/script.js';

const MANAGEMENT = '444455556666';
const IAM = [...IAM_USERS, ...IAM_ROLES];

test('the range answers IAM and Organizations calls with the errors, statuses and members of moto, known differences apart', async (context) => {
  const endpoint = await emulatorOrSkip(context, MOTO);
  const range = await aRange({ scenario: 'organization' });
  try {
    const orgAdmin = range.accountKeys[MANAGEMENT]?.['org-admin'];
    if (orgAdmin === undefined) throw new Error('the scenario gives org-admin no key');
    const anybody = { accessKeyId: 'testing', secretAccessKey: 'testing' };
    const common = { region: 'us-east-1', maxAttempts: 1 };
    const ofRange = { ...common, endpoint: range.endpoint };
    const ofMoto = { ...common, endpoint, credentials: anybody };
    const motoOrganizations = new OrganizationsClient(ofMoto);
    await prepareMoto(motoOrganizations);

    const found = [
      ...(await compare(IAM, new IAMClient({ ...ofRange, credentials: range.identities.admin }), new IAMClient(ofMoto))),
      ...(await compare(ORGANIZATIONS, new OrganizationsClient({ ...ofRange, credentials: orgAdmin }), motoOrganizations)),
    ];
    const unlisted = found.filter(({ step, line }) => !KNOWN.some((known) => known.steps.test(step) && known.line.test(line)));
    const gone = KNOWN.filter((known) => !found.some(({ step, line }) => known.steps.test(step) && known.line.test(line)));
    const differing = new Set(found.map(({ step }) => step)).size;
    const calls = IAM.length + ORGANIZATIONS.length;
    process.stdout.write(`\nrange and moto: ${calls} calls, ${calls - differing} alike, ${differing} with ${found.length} differences\n`);
    for (const { steps, line, right, why } of KNOWN) {
      const count = found.filter((one) => steps.test(one.step) && line.test(one.line)).length;
      process.stdout.write(`${String(count).padStart(6)}  right: ${right}. ${why}\n`);
    }
    for (const { step, line } of unlisted) process.stdout.write(`unlisted  ${step}: ${line}\n`);

    expect(unlisted).toEqual([]);
    expect(gone).toEqual([]);
  } finally {
    await range.stop();
  }
});

async function compare<Clients>(
  script: readonly Step<Clients>[],
  range: Clients,
  moto: Clients,
): Promise<{ step: string; line: string }[]> {
  const [left, right] = [await playScript(script, range), await playScript(script, moto)];
  return script.flatMap(({ name }) => differencesOf(left.get(name), right.get(name)).map((line) => ({ step: name, line })));
}
