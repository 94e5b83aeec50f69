import { GetUserCommand, ListAccountAliasesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import type { Configuration, LookupInput } from '../../src/contracts/watch.js';
import { aContainment, anEnvironment, aWrite, type Containment, failureOf, rigsOfThisFile, run } from '../fixtures/activities.js';
import { shippedPolicies } from '../fixtures/policies.js';
import { clientsOf, INCIDENT_ID } from '../fixtures/range.js';

const ownRig = rigsOfThisFile();

/** Read back and confirmed, without a positive sign of its own. */
const signless: Configuration = { confirmed: true, simulation: 'notDenied', keysInactive: false, missing: [], notes: [] };

async function aLookup({ principal }: Containment, change: Partial<LookupInput> = {}): Promise<LookupInput> {
  const waits = await shippedPolicies.waits('drill-waits');
  const firstDenyAt = new Date().toISOString();
  return {
    incidentId: INCIDENT_ID,
    principal,
    accessKeyIds: [],
    issuedKeyIds: [],
    firstDenyAt,
    effectiveFromAt: firstDenyAt,
    configuration: signless,
    waits: { ...waits, quietWindowSeconds: 2, deliveryDelaySeconds: 1 },
    ...change,
  };
}

function lookup({ rig }: Containment, input: LookupInput, env = anEnvironment()) {
  return run(rig.activities.lookup.lookupPrincipalEvents, input, env);
}

const asLeaked = ({ rig }: Containment) => clientsOf(rig.range, 'leaked').iam;

/** The inline deny is in force, the key still works, and somebody is refused a second later. */
async function refusedAfterDeny(containment: Containment): Promise<LookupInput> {
  const { at } = await run(containment.rig.activities.respond.denyUser, await aWrite(containment, 'denyUser'));
  await delay(1100);
  await asLeaked(containment)
    .send(new ListUsersCommand({}))
    .catch(() => undefined);
  return aLookup(containment, { firstDenyAt: at, effectiveFromAt: at });
}

describe.concurrent('lookupPrincipalEvents', () => {
  it('says applied until the quiet window of 2 s is delivered, then proven by the refused call', async ({ expect }) => {
    const containment = await aContainment(await ownRig({ cloudTrailDelaySeconds: { min: 0.5, max: 0.5 } }));
    const input = await refusedAfterDeny(containment);

    const early = await lookup(containment, input);
    await delay(2000);
    const late = await lookup(containment, input);

    expect(early).toMatchObject({ proof: { state: 'applied', provenBy: [] } });
    expect(late).toMatchObject({
      denied: 1,
      firstDenied: { eventName: 'ListUsers' },
      regions: ['us-east-1'],
      proof: { state: 'proven', wantsSeconds: 0 },
    });
    expect(late.proof.provenBy.join()).toMatch(/AccessDenied for ListUsers .*\(quiet window 2 s\)/);
    expect(late.effectiveFromAt).toBe(input.firstDenyAt);
  });

  it('says quiet, not proven, when the signs are suppressed', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    containment.rig.range.faults.suppressSigns();
    const input = await refusedAfterDeny(containment);
    await delay(2000);

    const result = await lookup(containment, input);

    expect(result).toMatchObject({ denied: 0, proof: { state: 'quiet', provenBy: [] } });
    expect(result.proof.limits.join()).toContain('no positive sign');
  });

  it('moves effectiveFrom behind a success that is delivered 5 s late', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const proving = { ...signless, simulation: 'explicitDeny', keysInactive: true } as const;
    const input = await aLookup(containment, { configuration: proving });
    containment.rig.range.faults.add({ id: 'late', match: { api: 'iam:GetUser' }, times: 1, effect: { kind: 'deliverLate', seconds: 5 } });
    await asLeaked(containment).send(new GetUserCommand({}));
    await delay(3100);

    const proven = await lookup(containment, input);
    await delay(2200);
    const withdrawn = await lookup(containment, input);

    expect(proven).toMatchObject({ effectiveFromAt: input.firstDenyAt, proof: { state: 'proven' } });
    expect(proven).not.toHaveProperty('lastSuccess');
    expect(withdrawn.lastSuccess).toMatchObject({ eventName: 'GetUser', accessKeyId: containment.rig.range.identities.leaked.accessKeyId });
    expect(Date.parse(withdrawn.effectiveFromAt)).toBe(Date.parse(withdrawn.lastSuccess?.eventAt ?? '') + 1000);
  });

  it('looks up the sessions that the principal minted by their key ids', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const { Credentials: session } = await clientsOf(containment.rig.range, 'leaked').sts.send(new GetSessionTokenCommand({}));

    const result = await lookup(containment, await aLookup(containment));

    expect(result).toMatchObject({ sessionKeyIds: [session?.AccessKeyId], pages: 2 });
    expect(result).not.toHaveProperty('lastSuccess');
  });

  it('is Throttled, to be tried again, when CloudTrail throttles 2 times', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const input = await aLookup(containment);
    containment.rig.range.faults.add({ id: 'slow', match: { api: 'cloudtrail:LookupEvents' }, times: 2, effect: { kind: 'throttle' } });

    const throttled = await failureOf(lookup(containment, input));
    const later = await lookup(containment, input);

    expect(throttled).toMatchObject({ type: 'Throttled', retryable: true });
    expect(later.proof.state).toBe('applied');
  });

  it('names the permission when CloudTrail may not be read', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const effect = {
      kind: 'error',
      code: 'AccessDeniedException',
      status: 400,
      message: 'not authorized to perform: cloudtrail:LookupEvents',
    } as const;
    containment.rig.range.faults.add({ id: 'denied', match: { api: 'cloudtrail:LookupEvents' }, effect });

    const refused = await failureOf(lookup(containment, await aLookup(containment)));

    expect(refused).toMatchObject({ type: 'PermissionDenied', retryable: false });
    expect(refused.message).toContain('cloudtrail:LookupEvents');
  });

  it('reads 20 pages and no more, with a heartbeat each, and then never says proven', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const firstDenyAt = new Date(Date.now() - 60_000).toISOString();
    const leaked = asLeaked(containment);
    for (let batch = 0; batch < 40; batch += 1) {
      await Promise.all(Array.from({ length: 26 }, () => leaked.send(new ListAccountAliasesCommand({}))));
    }
    const env = anEnvironment();
    const beats: unknown[] = [];
    env.on('heartbeat', (details) => beats.push(details));
    const configuration = { ...signless, simulation: 'explicitDeny', keysInactive: true } as const;

    const result = await lookup(containment, await aLookup(containment, { firstDenyAt, effectiveFromAt: firstDenyAt, configuration }), env);

    expect(result).toMatchObject({ pages: 20, proof: { state: 'applied', provenBy: [] } });
    expect(result.proof.limits.join()).toContain('could not be read to its end');
    expect(beats).toHaveLength(20);
  });
});
