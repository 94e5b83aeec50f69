import { DescribeTrailsCommand, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  GetUserCommand,
  GetUserPolicyCommand,
  ListUsersCommand,
  NoSuchEntityException,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range } from '../../../src/range/index.js';
import { clientsFor, errorOf } from './clients.js';

describe.each([
  ['over HTTP', 0],
  ['in process', undefined],
])('an unmodified SDK client %s', (_way, port) => {
  let range: Range;
  beforeEach(async () => {
    range = await startRange({ ...(port === undefined ? {} : { port }), propagationSeconds: { min: 0, max: 0 } });
  });
  afterEach(() => range.stop());

  it('reads who it is, users and trails', async () => {
    const { iam, sts, cloudtrail } = clientsFor(range, range.identities.admin);

    const identity = await sts.send(new GetCallerIdentityCommand({}));
    const users = await iam.send(new ListUsersCommand({}));
    const trails = await cloudtrail.send(new DescribeTrailsCommand({}));

    expect(identity.Arn).toBe('arn:aws:iam::111122223333:user/people/admin-olga');
    expect(users.Users?.map(({ UserName }) => UserName)).toEqual([
      'admin-olga',
      'break-glass',
      'ci-deploy',
      'dana',
      'tourniquet-collector',
      'tourniquet-responder',
      'tourniquet-restorer',
    ]);
    expect(trails.trailList).toEqual([]);
  });

  it('gets the typed error of a user that is not there', async () => {
    const { iam } = clientsFor(range, range.identities.admin);

    const missing = iam.send(new GetUserCommand({ UserName: 'nobody' }));

    await expect(missing).rejects.toBeInstanceOf(NoSuchEntityException);
    await expect(missing).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it('reads back a policy document URL-encoded, character for character', async () => {
    const { iam } = clientsFor(range, range.identities.admin);
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'D1', Effect: 'Deny', Action: '*', Resource: '*' }] });

    await iam.send(new PutUserPolicyCommand({ UserName: 'dana', PolicyName: 'a+b=c,d.e@f-g_h', PolicyDocument: document }));
    const back = await iam.send(new GetUserPolicyCommand({ UserName: 'dana', PolicyName: 'a+b=c,d.e@f-g_h' }));

    expect(back.PolicyDocument).not.toContain('{');
    expect(decodeURIComponent(back.PolicyDocument ?? '')).toBe(document);
  });

  it('is refused 403 SignatureDoesNotMatch with a wrong secret and 403 InvalidClientTokenId with an unknown key', async () => {
    const wrongSecret = clientsFor(range, { ...range.identities.admin, secretAccessKey: 'wrong' }).sts.send(
      new GetCallerIdentityCommand({}),
    );
    const unknownKey = clientsFor(range, { accessKeyId: 'AKIAUNKNOWNUNKNOWN22', secretAccessKey: 'x' }).sts.send(
      new GetCallerIdentityCommand({}),
    );
    const wrongToken = clientsFor(range, { ...range.identities.admin, sessionToken: 'made-up' }).sts.send(new GetCallerIdentityCommand({}));

    await expect(wrongSecret).rejects.toMatchObject({ name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } });
    await expect(unknownKey).rejects.toMatchObject({ name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } });
    await expect(wrongToken).rejects.toMatchObject({ name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } });
  });

  it('leaves no record of an inactive key and a record of an active one', async () => {
    const admin = clientsFor(range, range.identities.admin);
    const leaked = clientsFor(range, range.identities.leaked);
    await leaked.iam.send(new GetUserCommand({}));
    await admin.iam.send(
      new UpdateAccessKeyCommand({ UserName: 'ci-deploy', AccessKeyId: range.identities.leaked.accessKeyId, Status: 'Inactive' }),
    );
    const before = range.recorded().length;

    const refused = await errorOf(leaked.iam.send(new GetUserCommand({})));

    expect(refused).toBe('InvalidClientTokenId');
    expect(range.recorded().length).toBe(before);
    expect(range.recorded().at(-1)?.eventName).toBe('UpdateAccessKey');
  });
});

describe('the wire', () => {
  it('answers InvalidAction and UnknownOperationException, 400 in the protocol, for calls it does not play', async () => {
    const range = await startRange({ port: 0 });
    const { iam } = clientsFor(range, range.identities.admin);
    iam.middlewareStack.add((next) => (args) => next(withBody(args, 'Action=MakeCoffee&Version=2010-05-08')), {
      step: 'build',
      priority: 'low',
    });

    const refused = iam.send(new GetUserCommand({}));

    await expect(refused).rejects.toMatchObject({ name: 'InvalidAction', $metadata: { httpStatusCode: 400 } });
    await range.stop();
  });

  it('answers 403 MissingAuthenticationToken as XML to a request nobody signed', async () => {
    const range = await startRange({ port: 0 });

    const answer = await fetch(range.endpoint, { method: 'POST', body: 'Action=GetCallerIdentity' });

    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>');
    await range.stop();
  });

  it('delivers nothing to LookupEvents before the delay of 5 s is over', async () => {
    const clock = createVirtualClock();
    const range = await startRange({ clock, cloudTrailDelaySeconds: { min: 5, max: 5 } });
    const { iam, cloudtrail } = clientsFor(range, range.identities.admin);
    await iam.send(new GetUserCommand({}));
    const lookup = async (): Promise<number> => {
      const { Events } = await cloudtrail.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: range.identities.admin.accessKeyId }],
        }),
      );
      return Events?.length ?? 0;
    };

    expect(await lookup()).toBe(0);
    await clock.advance(5000);
    expect(await lookup()).toBe(2);
  });
});

function withBody<T extends { readonly request: unknown }>(args: T, body: string): T {
  if (typeof args.request === 'object' && args.request !== null) Object.assign(args.request, { body });
  if (
    typeof args.request === 'object' &&
    args.request !== null &&
    'headers' in args.request &&
    typeof args.request.headers === 'object' &&
    args.request.headers !== null
  ) {
    Object.assign(args.request.headers, { 'content-length': String(body.length) });
  }
  return args;
}
