import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  CreateAccessKeyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteInstanceProfileCommand,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDescentProblem, type DescentProblem, type DescentProblemDeps } from '../../activities/aws/descent-problem.js';
import { createRecentCallers } from '../../activities/aws/recent-callers.js';
import { createLookupEvents } from '../../src/adapters/cloudtrail/lookup-events.js';
import type { AwsCredentials } from '../../src/adapters/aws/clients.js';
import type { Alert } from '../../src/contracts/alert.js';
import type { DescentEdge } from '../../src/contracts/authority.js';
import { nameOf } from '../../src/domain/principals/arn.js';
import { activitiesOf, aWrite, failureOf, run } from '../fixtures/activities.js';
import { aPrincipal } from '../fixtures/builders.js';
import { trusting } from '../fixtures/iam-things.js';
import { anAlertNow, resolved } from '../fixtures/organization-acts.js';
import { adminOf } from '../fixtures/organization-principals.js';
import { anOrganizationRig, clientsWith, MAIN, type OrganizationRig } from '../fixtures/organization-rig.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const THIEF_IP = '203.0.113.66';
/** The addresses from which the scenario's workloads have always used the user and the role. */
const PIPELINE_IP = '198.51.100.24';
const OPERATIONS_IP = '198.51.100.40';
const CI_DEPLOY = `arn:aws:iam::${MAIN}:user/automation/ci-deploy`;
const OPS_ADMIN = `arn:aws:iam::${MAIN}:role/ops-admin`;
const WEB_SERVER = `arn:aws:iam::${MAIN}:role/web-server`;

let rig: OrganizationRig;
let problemWith: (given: Partial<DescentProblemDeps>) => DescentProblem;
let problemOf: DescentProblem;
beforeAll(async () => {
  rig = await anOrganizationRig();
  const { access, time } = rig;
  const nowMs = time.now;
  const history = createLookupEvents({
    clientFor: (region, account) => access.cloudTrail({ account, role: 'Reader' }, region),
    regions: ['us-east-1'],
    delay: async (ms) => void (time.aheadMs += ms),
  });
  problemWith = (given) =>
    createDescentProblem({ access, history, nowMs, recentCallers: createRecentCallers({ history, nowMs }), ...given });
  problemOf = problemWith({});
});
afterAll(() => rig.close());

/** SDK clients with any credentials, from an address. */
function from(address: string, credentials: AwsCredentials): ReturnType<typeof clientsWith> {
  const clients = clientsWith(rig.range, credentials);
  const mark = (request: unknown): void => {
    if (HttpRequest.isInstance(request)) request.headers['x-range-source-ip'] = address;
  };
  clients.iam.middlewareStack.add((next) => (args) => (mark(args.request), next(args)), { step: 'build' });
  clients.sts.middlewareStack.add((next) => (args) => (mark(args.request), next(args)), { step: 'build' });
  clients.ec2.middlewareStack.add((next) => (args) => (mark(args.request), next(args)), { step: 'build' });
  return clients;
}

const thief = () => from(THIEF_IP, rig.range.identities.leaked);

/** The event that was recorded last. */
const lastEvent = (name: string): string => rig.range.recorded().findLast(({ eventName }) => eventName === name)?.eventID ?? 'none';

const anEdge = (parentArn: string, childArn: string, rest: Pick<DescentEdge, 'how' | 'eventId'>): DescentEdge => ({
  parentArn,
  childArn,
  region: 'us-east-1',
  ...rest,
});

async function makesRole(clients: ReturnType<typeof clientsWith>, RoleName: string, parentArn = CI_DEPLOY): Promise<DescentEdge> {
  const AssumeRolePolicyDocument = trusting('arn:aws:iam::999988887777:root');
  const { Role } = await clients.iam.send(new CreateRoleCommand({ RoleName, Path: '/made/', AssumeRolePolicyDocument }));
  return anEdge(parentArn, Role?.Arn ?? '', { how: 'created', eventId: lastEvent('CreateRole') });
}

/** The thief becomes `ops-admin`. */
async function becomesOperations(RoleSessionName: string): Promise<{ edge: DescentEdge; session: AwsCredentials; principalId: string }> {
  const { Credentials, AssumedRoleUser } = await thief().sts.send(new AssumeRoleCommand({ RoleArn: OPS_ADMIN, RoleSessionName }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return {
    edge: anEdge(CI_DEPLOY, OPS_ADMIN, { how: 'became', eventId: lastEvent('AssumeRole') }),
    session: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    principalId: AssumedRoleUser?.AssumedRoleId ?? '',
  };
}

/** Runs an instance with a profile that has another name than the role in it. */
async function runsAsWebServer(session: AwsCredentials, { profile = 'jobs' }: { profile?: string } = {}): Promise<DescentEdge> {
  const one = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
  await from(THIEF_IP, session).ec2.send(new RunInstancesCommand({ ...one, IamInstanceProfile: { Name: profile } }));
  return anEdge(OPS_ADMIN, WEB_SERVER, { how: 'became', eventId: lastEvent('RunInstances') });
}

/** Asks about a principal that the last of the edges leads to, on an alert about the leaked key. */
async function refusal(
  edges: DescentEdge[],
  { change = {}, problem = problemOf }: { change?: Partial<Alert>; problem?: DescentProblem } = {},
): Promise<string | undefined> {
  const arn = edges.at(-1)?.childArn ?? '';
  const alert = await anAlertNow(rig, change);
  return problem({ by: 'descent', alert, edges }, { ...aPrincipal(nameOf(arn)), kind: 'role', arn });
}

describe('a descent that CloudTrail shows', () => {
  beforeAll(async () => {
    const { iam } = adminOf(rig);
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'jobs' }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'jobs', RoleName: 'web-server' }));
  });

  it('holds from the leaked key to the role it made', async () => {
    expect(await refusal([await makesRole(thief(), 'door-1')])).toBeUndefined();
  });

  it('holds from a session of a role to the instance it ran with a profile', async () => {
    const { session, principalId } = await becomesOperations('thief-1');
    const edges = [await runsAsWebServer(session)];

    expect(await refusal(edges, { change: { principalKind: 'session', hints: { principalId } } })).toBeUndefined();
    // The same event says nothing about another session of the role.
    const another = { principalKind: 'session', hints: { principalId: principalId.replace('thief-1', 'nightly') } } as const;
    expect(await refusal(edges, { change: another })).toContain('is not a call of the principal the alert is about');
  });

  it('holds over 2 steps, and not with the steps the other way round', async () => {
    const { edge, session } = await becomesOperations('thief-2');
    const next = await runsAsWebServer(session);

    expect(await refusal([edge, next])).toBeUndefined();
    expect(await refusal([next, edge])).toBe('the descent is no chain');
  });
});

describe('a descent is refused', () => {
  it('when its event is forged', async () => {
    const edge = await makesRole(thief(), 'door-2');

    expect(await refusal([{ ...edge, eventId: 'forged' }])).toBe('CloudTrail shows no event forged');
    expect(await refusal([{ ...edge, region: 'eu-west-1' }])).toBe(`CloudTrail shows no event ${edge.eventId}`);
  });

  it('when the event is one of somebody else', async () => {
    const edge = await makesRole(from(THIEF_IP, rig.range.identities.admin), 'door-3');
    const adminArn = rig.range.recorded().find(({ eventID }) => eventID === edge.eventId)?.userIdentity.arn ?? '';

    expect(await refusal([edge])).toBe(`event ${edge.eventId} is not a call of ${CI_DEPLOY}`);
    expect(await refusal([{ ...edge, parentArn: adminArn }])).toBe(
      `event ${edge.eventId} is not a call of the principal the alert is about`,
    );
  });

  it('when the event leads elsewhere', async () => {
    const edge = await makesRole(thief(), 'door-4');

    expect(await refusal([{ ...edge, childArn: OPS_ADMIN }])).toBe(`event ${edge.eventId} does not lead to ${OPS_ADMIN}`);
  });

  it('when somebody’s was opened, or an intruder’s session came from somebody', async () => {
    await adminOf(rig).iam.send(new CreateUserCommand({ UserName: 'payroll' }));
    await thief().iam.send(new CreateAccessKeyCommand({ UserName: 'payroll' }));
    const payroll = `arn:aws:iam::${MAIN}:user/payroll`;
    const edge = anEdge(CI_DEPLOY, payroll, { how: 'changed', eventId: lastEvent('CreateAccessKey') });

    expect(await refusal([edge])).toBe(`${payroll} belongs to somebody: a person decides`);
    expect(await refusal([{ ...edge, how: 'cameFrom' }])).toBe(`${payroll} belongs to somebody: a person decides`);
    expect(await refusal([{ ...edge, how: 'created' }])).toBe(`event ${edge.eventId} does not lead to ${payroll}`);
  });

  it('when the call came from an address of the user’s rightful holder', async () => {
    const edge = await makesRole(from(PIPELINE_IP, rig.range.identities.leaked), 'door-5');

    expect(await refusal([edge])).toBe(`event ${edge.eventId} came from an address the rightful holder uses`);
  });

  it('when a later step came from an address that the role was always used from', async () => {
    const { edge, session } = await becomesOperations('thief-3');
    const next = await makesRole(from(OPERATIONS_IP, session), 'door-6', OPS_ADMIN);

    expect(await refusal([edge, next])).toBe(`event ${next.eventId} came from an address the rightful holder uses`);
  });

  it('when the call came from there however much the intruder has called since', async () => {
    for (let calls = 0; calls < 210; calls += 10)
      await Promise.all(Array.from({ length: 10 }, () => thief().sts.send(new GetCallerIdentityCommand({}))));
    const edge = await makesRole(from(PIPELINE_IP, rig.range.identities.leaked), 'door-9');

    // One that has not asked before.
    expect(await refusal([edge], { problem: problemWith({}) })).toBe(`event ${edge.eventId} came from an address the rightful holder uses`);
  });

  it('when the instance profile that hands the role out is gone', async () => {
    const { iam } = adminOf(rig);
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'brief' }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'brief', RoleName: 'web-server' }));
    const { session, principalId } = await becomesOperations('thief-5');
    const edge = await runsAsWebServer(session, { profile: 'brief' });
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: 'brief', RoleName: 'web-server' }));
    await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: 'brief' }));

    expect(await refusal([edge], { change: { principalKind: 'session', hints: { principalId } } })).toBe(
      `event ${edge.eventId} does not lead to ${WEB_SERVER}`,
    );
  });

  it('when the event is more than 1 h older than the first suspicious moment', async () => {
    const edge = await makesRole(thief(), 'door-7');
    const change = { firstSeenAt: new Date(rig.time.now() + 3_605_000).toISOString() };
    const nobodyKnown = problemWith({ recentCallers: async () => ({ callers: [], notRead: [] }) });

    expect(await refusal([edge], { change, problem: nobodyKnown })).toBe(`event ${edge.eventId} is older than the first suspicious moment`);
    // An address that was there an hour before counts as the holder's.
    expect(await refusal([edge], { change })).toBe(`event ${edge.eventId} came from an address the rightful holder uses`);
  });
});

describe('a descent that was shown once', () => {
  it('is shown as it was told, and not for the same event told otherwise', async () => {
    const { edge } = await becomesOperations('thief-4');
    const alert = await anAlertNow(rig);
    const ask = (told: DescentEdge, about = alert) =>
      problemOf({ by: 'descent', alert: about, edges: [told] }, { ...aPrincipal('ops-admin'), kind: 'role', arn: OPS_ADMIN });

    expect(await ask(edge)).toBeUndefined();
    expect(await ask(edge)).toBeUndefined();
    expect(await ask({ ...edge, how: 'created' })).toBe(`event ${edge.eventId} does not lead to ${OPS_ADMIN}`);
    expect(await ask({ ...edge, how: 'changed' })).toBe(`${OPS_ADMIN} belongs to somebody: a person decides`);
    expect(await ask({ ...edge, parentArn: WEB_SERVER })).toBe(`event ${edge.eventId} is not a call of ${WEB_SERVER}`);
    expect(await ask(edge, { ...alert, hints: { userName: 'dana' } })).toContain('not a call of the principal the alert is about');
  });
});

describe('a write that rests on a descent', () => {
  it('is carried out without a signature on what the intruder made, and refused with the reason on a forged event', async () => {
    const edge = await makesRole(thief(), 'door-8');
    const [alert, principal] = [await anAlertNow(rig), await resolved(rig, edge.childArn)];
    const plan = await run(rig.activities.main.planContainment, { incidentId: INCIDENT_ID, principal, alerts: [alert], descent: [edge] });
    const containment = { rig, alert, principal, plan };
    const writing = (edges: DescentEdge[]) => aWrite(containment, 'denyRole', { authority: { by: 'descent', alert, edges } });
    const { apply } = activitiesOf(rig, 'denyRole');

    const forged = await failureOf(run(apply, await writing([{ ...edge, eventId: 'forged' }])));
    const opened = await failureOf(run(apply, await writing([{ ...edge, how: 'changed' }])));
    const done = await run(apply, await writing([edge]));

    expect(plan).toMatchObject({ tier: 'A0', quorum: 0 });
    expect(forged).toMatchObject({ type: 'UnsafeAction', message: expect.stringContaining('CloudTrail shows no event forged') });
    expect(opened).toMatchObject({ type: 'UnsafeAction', message: expect.stringContaining('wants 1 signature') });
    expect(done.changed).toBe(true);
  });
});
