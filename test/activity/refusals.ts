import { TagUserCommand, UntagUserCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Consent } from '../../src/contracts/authority.js';
import type { MeasureResult, WriteInput } from '../../src/contracts/measure.js';
import type { Plan } from '../../src/contracts/plan.js';
import { aContainment, aRig, aSignedAlert, aWrite, consentsOf, type Containment, failureOf, run } from '../fixtures/activities.js';
import { CI_DEPLOY, clientsOf, writesOfResponder } from '../fixtures/range.js';

export type Change = Partial<WriteInput> | Promise<Partial<WriteInput>>;

export interface Row {
  readonly name: string;
  /** What is wrong with a write that would else be carried out. */
  readonly given: (containment: Containment) => Change;
  readonly arrange?: (containment: Containment) => unknown;
  readonly says: string;
  /** @default 'UnsafeAction' */
  readonly type?: string;
}

export const past = (ms: number): string => new Date(Date.now() - ms).toISOString();

export async function people(containment: Containment, subjects: string[], change: Partial<Consent> = {}): Promise<Partial<WriteInput>> {
  const consents = await consentsOf(containment, subjects, change);
  return { authority: { by: 'people', consents, alerts: [containment.alert] } };
}

export async function records(containment: Containment, ...made: Promise<string>[]): Promise<Partial<WriteInput>> {
  return { authority: { by: 'people', consents: await Promise.all(made), alerts: [containment.alert] } };
}

export async function byAlert(containment: Containment, change?: Parameters<typeof aSignedAlert>[1]): Promise<Partial<WriteInput>> {
  return { authority: { by: 'alert', alert: await aSignedAlert(containment.rig, { publicExposure: true, ...change }) } };
}

export async function byRule(
  { rig }: Containment,
  change: { ruleId?: string; version?: string; ageMs?: number },
): Promise<Partial<WriteInput>> {
  const { ruleId = 'suspected-no-answer', version = '1', ageMs = 60_000 } = change;
  return { authority: { by: 'rule', ruleId, version, alert: await aSignedAlert(rig, { receivedAt: past(ageMs) }) } };
}

export function planned({ plan }: Containment, change: Partial<Plan>): Plan {
  return { ...plan, ...change };
}

export function done(measure: MeasureResult['measure'], target: string): MeasureResult {
  return { measure, target, changed: true, before: null, after: null, at: past(1000), requestIds: [] };
}

/** The admin tags the user. */
export const tag = ({ rig }: Containment, Key: string, Value: string): Promise<unknown> =>
  clientsOf(rig.range, 'admin').iam.send(new TagUserCommand({ UserName: CI_DEPLOY, Tags: [{ Key, Value }] }));

/** The account and the guard as they were before a row arranged something. */
async function putBack({ rig }: Containment): Promise<void> {
  Object.assign(rig.guard, { mode: 'auto', stopped: false, reachable: true });
  await rig.editPolicy('rails.yaml');
  await clientsOf(rig.range, 'admin').iam.send(new UntagUserCommand({ UserName: CI_DEPLOY, TagKeys: ['ir:criticality'] }));
  await tag({ rig } as Containment, 'ir:owner', 'team-build');
}

/** A containment that every row may spoil: an alert of tier A1 about the leaked key, mode auto, nothing written so far. */
export function sharedContainment(): () => Containment {
  let shared: Containment;
  beforeAll(async () => {
    shared = await aContainment(await aRig());
  });
  afterAll(() => shared.rig.close());
  return () => shared;
}

/** Each row is one write that is refused, with the reason, and leaves the account untouched. */
export function nothingIsWritten(by: string, { rows, containment }: { rows: Row[]; containment: () => Containment }): void {
  describe(`by ${by} nothing is written:`, () => {
    afterEach(() => putBack(containment()));

    it.each(rows)('$name', async ({ given, arrange, says, type = 'UnsafeAction' }) => {
      const shared = containment();
      await arrange?.(shared);
      const input = await aWrite(shared, 'denyUser', await given(shared));

      const refused = await failureOf(run(shared.rig.activities.respond.denyUser, input));

      expect(refused).toMatchObject({ type, retryable: type === 'GuardStopped' });
      expect(refused.message).toContain(says);
      expect(writesOfResponder(shared.rig.range)).toEqual([]);
    });
  });
}
