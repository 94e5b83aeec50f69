import { CreateUserCommand } from '@aws-sdk/client-iam';
import { UpdatePolicyCommand } from '@aws-sdk/client-organizations';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MeasureResult, WriteInput } from '../../src/contracts/measure.js';
import { isObject } from '../../src/domain/json-value.js';
import { SCP_QUOTA } from '../../src/contracts/quarantine-scp.js';
import { scpSidOf, scpTargetOf } from '../../src/domain/planning/scp-documents.js';
import { aWrite, consentsOf, type Containment, failureOf, run } from '../fixtures/activities.js';
import { anAlertNow, resolved, writesOf } from '../fixtures/organization-acts.js';
import { anOrganizationRig, clientsWith, MAIN, MANAGEMENT, type OrganizationRig } from '../fixtures/organization-rig.js';

const FIRST = 'p-tqquar01';
const SECOND = 'p-tqquar02';
/** What somebody else put there, in a form that we would never write. */
const UNKNOWN =
  '{"Effect":"Deny","Sid":"TheirsÄ","Resource":["arn:aws:s3:::ledger/*"],"NotAction":["s3:Get*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}';

let rig: OrganizationRig;
let empty: ReadonlyMap<string, string>;
beforeAll(async () => {
  rig = await anOrganizationRig();
  empty = await rig.scps.contents();
});
afterEach(async () => {
  for (const [policyId, content] of empty) await put(policyId, content);
});
afterAll(() => rig.close());

/** One incident about one user, planned and signed under its own id. */
interface Case {
  readonly incidentId: string;
  readonly containment: Containment;
}

async function aCase(number: number): Promise<Case> {
  const incidentId = `INC-20261122-WRITER${String(number).padStart(2, '0')}`;
  const UserName = `writer-${number}`;
  const { iam } = clientsWith(rig.range, rig.range.identities.admin);
  await iam.send(new CreateUserCommand({ UserName })).catch(() => undefined);
  const principal = await resolved(rig, `arn:aws:iam::${MAIN}:user/${UserName}`);
  const alert = await anAlertNow(rig, { hints: { userName: UserName } });
  const plan = await run(rig.activities.main.planContainment, { incidentId, principal, alerts: [alert] });
  return { incidentId, containment: { rig, alert, principal, plan } };
}

const cases = (from: number, count: number): Promise<Case[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => aCase(from + index)));

async function writeOf({ incidentId, containment }: Case, undo?: MeasureResult): Promise<WriteInput> {
  const nowMs = rig.time.now();
  const times = { decidedAt: new Date(nowMs - 1000).toISOString(), expiresAt: new Date(nowMs + 3_600_000).toISOString() };
  const restoring = { action: 'restore', tier: 'A0' } as const;
  const consents = await consentsOf(containment, ['lea', 'mara'], { incidentId, ...times, ...(undo === undefined ? {} : restoring) });
  const authority = { by: 'people' as const, consents, alerts: undo === undefined ? [containment.alert] : [] };
  return aWrite(containment, 'quarantineByScp', { incidentId, authority, ...(undo === undefined ? {} : { undo }) });
}

const add = async (one: Case): Promise<MeasureResult> => run(rig.activities.respond.quarantineByScp, await writeOf(one));
const remove = async (one: Case, done: MeasureResult): Promise<MeasureResult> =>
  run(rig.activities.respond.undoQuarantineByScp, await writeOf(one, done));

/** Somebody of the management account writes a policy. */
async function put(PolicyId: string, Content: string): Promise<void> {
  const key = rig.range.accountKeys[MANAGEMENT]?.['org-admin'];
  if (key === undefined) throw new Error('the management account has no admin');
  await clientsWith(rig.range, key).organizations.send(new UpdatePolicyCommand({ PolicyId, Content }));
}

async function statementsOf(policyId: string): Promise<unknown[]> {
  const policy: unknown = JSON.parse((await rig.scps.contents()).get(policyId) ?? '');
  return isObject(policy) && Array.isArray(policy['Statement']) ? policy['Statement'] : [];
}

const sidsOf = async (policyId: string): Promise<string[]> =>
  (await statementsOf(policyId)).map((one) => (isObject(one) ? String(one['Sid']) : '')).toSorted();

const sidOf = ({ incidentId, containment: { principal } }: Case): string =>
  scpSidOf({ incidentId, subject: { kind: 'principal', arn: principal.arn } });

/** A policy with one more statement of somebody else, of about this many characters in all. */
function filled(content: string, characters: number): string {
  const policy: { Statement: unknown[] } = JSON.parse(content);
  const filler = (length: number) => ({ Sid: 'Full', Effect: 'Deny', Action: 's3:*', Resource: `arn:aws:s3:::${'x'.repeat(length)}` });
  const render = (length: number): string => JSON.stringify({ ...policy, Statement: [...policy.Statement, filler(length)] });
  return render(characters - render(0).length);
}

describe('the writer of the quarantine SCP', () => {
  it('has every entry right after 20 incidents added and 10 took away theirs at once, in few writes', async () => {
    const leaving = await cases(1, 10);
    const done = await Promise.all(leaving.map(add));
    const coming = await cases(11, 20);
    const content = (await rig.scps.contents()).get(FIRST) ?? '';
    await put(FIRST, content.replace('"Statement":[', `"Statement":[${UNKNOWN},`));
    const before = writesOf(rig).length;

    const [added, removed] = await Promise.all([
      Promise.all(coming.map(add)),
      Promise.all(leaving.map((one, index) => remove(one, done[index] ?? fail()))),
    ]);

    expect([...added, ...removed].map(({ changed }) => changed)).toEqual(Array.from({ length: 30 }, () => true));
    expect(await sidsOf(FIRST)).toEqual(['IRNobody', 'TheirsÄ', ...coming.map(sidOf)].toSorted());
    expect((await rig.scps.contents()).get(FIRST)).toContain(UNKNOWN);
    expect(await sidsOf(SECOND)).toEqual(['IRNobody']);
    expect(writesOf(rig).length - before).toBeLessThan(10);
  });

  it('goes to the second policy when the first is full, and says loudly that both are', async () => {
    const [one, two] = [await aCase(1), await aCase(2)];
    await put(FIRST, filled(empty.get(FIRST) ?? '', SCP_QUOTA - 100));
    const first = await add(one);
    await put(SECOND, filled((await rig.scps.contents()).get(SECOND) ?? '', SCP_QUOTA - 100));

    const refused = await failureOf(add(two));
    const again = await add(one);
    const undone = await remove(one, first);

    expect(first).toMatchObject({ changed: true, after: { policyId: SECOND } });
    expect(refused).toMatchObject({ type: 'QuotaExceeded', retryable: false });
    expect(refused.message).toContain(FIRST);
    expect(refused.message).toContain(SECOND);
    expect(again).toMatchObject({ changed: false, after: first.after });
    expect(undone.changed).toBe(true);
    expect(await sidsOf(SECOND)).toEqual(['Full', 'IRNobody']);
  });

  it('finds its entry in the second policy although the first has room by now, and takes it away from wherever it is', async () => {
    const one = await aCase(1);
    await put(FIRST, filled(empty.get(FIRST) ?? '', SCP_QUOTA - 100));
    const first = await add(one);
    await put(FIRST, empty.get(FIRST) ?? '');

    const again = await add(one);
    await put(SECOND, filled(empty.get(SECOND) ?? '', SCP_QUOTA - 100));
    const putBack = await run(rig.activities.respond.quarantineByScp, { ...(await writeOf(one)), reapply: first });
    const moved = await sidsOf(FIRST);
    const undone = [await remove(one, first), await remove(one, first)];

    expect(again).toMatchObject({ changed: false, after: first.after });
    expect(putBack).toMatchObject({ changed: true, after: { policyId: FIRST } });
    expect(moved).toEqual(['IRNobody', sidOf(one)].toSorted());
    expect(undone.map(({ changed }) => changed)).toEqual([true, false]);
    expect([await sidsOf(FIRST), await sidsOf(SECOND)]).toEqual([['IRNobody'], ['Full', 'IRNobody']]);
  });

  it('leaves an entry that somebody changed, and says so', async () => {
    const one = await aCase(1);
    const done = await add(one);
    const changed = ((await rig.scps.contents()).get(FIRST) ?? '').replaceAll('"Action":"*"', '"Action":"s3:*"');
    await put(FIRST, changed);

    const refused = await failureOf(remove(one, done));

    expect(refused).toMatchObject({ type: 'PreconditionFailed', retryable: false });
    expect(refused.message).toContain(sidOf(one));
    expect((await rig.scps.contents()).get(FIRST)).toBe(changed);
  });

  it('puts an entry right that somebody changed when it is put back', async () => {
    const one = await aCase(1);
    const done = await add(one);
    const written = (await rig.scps.contents()).get(FIRST) ?? '';
    await put(FIRST, written.replaceAll('"Action":"*"', '"Action":"s3:*"'));

    const again = await run(rig.activities.respond.quarantineByScp, { ...(await writeOf(one)), reapply: done });

    expect(again.changed).toBe(true);
    expect(await sidsOf(FIRST)).toEqual(['IRNobody', sidOf(one)].toSorted());
  });

  it('refuses one change without spoiling those that go with it', async () => {
    const [good, bad] = [await aCase(1), await aCase(2)];
    const { respond } = rig.activities;
    const change = async (one: Case, write?: Partial<WriteInput>) => {
      const { principal } = one.containment;
      const entry = { incidentId: one.incidentId, subject: { kind: 'principal' as const, arn: principal.arn } };
      return { do: 'add' as const, entry, input: { ...(await writeOf(one)), ...write } };
    };
    const unsigned = await change(bad, { authority: { by: 'people', consents: [], alerts: [bad.containment.alert] } });
    const other = { ...(await change(bad)), entry: (await change(good)).entry };
    const asRemoval = { ...(await change(bad)), do: 'remove' as const };

    const { outcomes } = await run(respond.writeQuarantineScp, {
      policyId: FIRST,
      changes: [unsigned, await change(good), other, asRemoval],
    });

    expect(outcomes.map(({ result }) => result)).toEqual(['refused', 'changed', 'refused', 'refused']);
    expect(outcomes[0]?.detail).toContain('consent');
    expect(await sidsOf(FIRST)).toEqual(['IRNobody', sidOf(good)].toSorted());
  });

  it('writes no policy that organization.yaml does not name', async () => {
    const one = await aCase(1);
    const entry = { incidentId: one.incidentId, subject: { kind: 'principal' as const, arn: one.containment.principal.arn } };
    const before = writesOf(rig).length;

    const input = { policyId: 'p-tqguard1', changes: [{ do: 'add' as const, entry, input: await writeOf(one) }] };
    const refused = await failureOf(run(rig.activities.respond.writeQuarantineScp, input));

    expect(refused).toMatchObject({ type: 'PreconditionFailed', retryable: false });
    expect(writesOf(rig)).toHaveLength(before);
    expect((await writeOf(one)).call.target).toBe(scpTargetOf(entry.subject));
  });
});

function fail(): never {
  throw new Error('there is no record');
}
