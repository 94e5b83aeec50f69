import { ListUsersCommand } from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionKey } from '../../../src/range/index.js';
import { errorOf } from './clients.js';
import { ACCOUNTS, organizationWorld, type OrganizationWorld } from './organization-world.js';

const FunctionName = 'invoices';
const HOUR_MS = 3_600_000;

let range: OrganizationWorld;
let lambda: LambdaClient;

beforeEach(async () => {
  range = await organizationWorld();
  lambda = range.admin(ACCOUNTS.member).lambda;
});

const stop = (): Promise<unknown> => lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
const invoked = (): SessionKey | undefined => range.world.handouts.lambda(FunctionName);
const lastRecord = (eventName: string) => range.world.records.findLast((record) => record.eventName === eventName);

describe('functions', () => {
  it('are listed by region and account, with role and ARN', async () => {
    const { Functions } = await lambda.send(new ListFunctionsCommand({}));
    const elsewhere = await range.admin(ACCOUNTS.other).lambda.send(new ListFunctionsCommand({}));

    expect(Functions).toMatchObject([
      {
        FunctionName,
        FunctionArn: `arn:aws:lambda:us-east-1:${ACCOUNTS.member}:function:invoices`,
        Role: `arn:aws:iam::${ACCOUNTS.member}:role/invoice-maker`,
      },
    ]);
    expect(elsewhere.Functions).toEqual([]);
  });

  it.each(['invoices', `arn:aws:lambda:us-east-1:${ACCOUNTS.member}:function:invoices`, `${ACCOUNTS.member}:function:invoices`])(
    'are found as %s',
    async (name) => {
      const { FunctionArn } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));

      expect(FunctionArn).toMatch(/:function:invoices$/);
    },
  );

  it('that are not there are ResourceNotFoundException, and a quota too large is InvalidParameterValueException', async () => {
    const reserve = (name: string, count: number): Promise<string> =>
      errorOf(lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: count })));

    expect(await reserve('nothing', 0)).toBe('ResourceNotFoundException');
    expect(await reserve(FunctionName, 901)).toBe('InvalidParameterValueException');
    expect(await reserve(FunctionName, 900)).toBe('no error');
  });

  it('are not shown to somebody without the right', async () => {
    const { account } = range.world;
    const dana = account.credentials.all().find(({ bearer }) => bearer.kind === 'user' && bearer.user.name === 'dana');
    const keys = { accessKeyId: dana?.accessKeyId ?? '', secretAccessKey: dana?.secretAccessKey ?? '' };

    await expect(range.clients(keys).lambda.send(new ListFunctionsCommand({}))).rejects.toThrow(/perform: lambda:ListFunctions/);
  });
});

describe('reserved concurrency', () => {
  it('is put, read and deleted, and CloudTrail has the versioned names', async () => {
    const read = async (): Promise<number | undefined> =>
      (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;

    const seen = [await read()];
    await stop();
    seen.push(await read());
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    seen.push(await read());

    expect(seen).toEqual([undefined, 0, undefined]);
    expect(lastRecord('PutFunctionConcurrency20171031')).toMatchObject({
      eventSource: 'lambda.amazonaws.com',
      requestParameters: { functionName: FunctionName, reservedConcurrentExecutions: 0 },
      responseElements: { reservedConcurrentExecutions: 0 },
      readOnly: false,
    });
    expect(lastRecord('DeleteFunctionConcurrency20171031')).toMatchObject({ requestParameters: { functionName: FunctionName } });
    expect(lastRecord('GetFunctionConcurrency')).toMatchObject({ readOnly: true });
  });

  it('of 0 hands out nothing new; what was stolen before works until it expires', async () => {
    const stolen = invoked();
    await stop();
    const thief = range.clients(stolen ?? failed());

    const after = invoked();
    const works = await errorOf(thief.iam.send(new ListUsersCommand({})));
    await range.clock.advance(12 * HOUR_MS);

    expect(after).toBeUndefined();
    expect(works).toBe('no error');
    expect(await errorOf(thief.iam.send(new ListUsersCommand({})))).toBe('ExpiredToken');
  });

  it('of 0 takes hold 4 s after it was put', async () => {
    range = await organizationWorld({ min: 4, max: 4 });
    lambda = range.admin(ACCOUNTS.member).lambda;
    await stop();

    await range.clock.advance(3999);
    const early = invoked();
    await range.clock.advance(1);

    expect(early).toBeDefined();
    expect(invoked()).toBeUndefined();
  });
});

describe("a function's session", () => {
  it('has the name of the function, lives 12 h, and is told as AssumeRole by lambda.amazonaws.com', async () => {
    const key = invoked() ?? failed();
    const { Arn } = await range.clients(key).sts.send(new GetCallerIdentityCommand({}));

    expect(Arn).toBe(`arn:aws:sts::${ACCOUNTS.member}:assumed-role/invoice-maker/invoices`);
    expect(Date.parse(key.expiresAt) - range.clock.now()).toBe(12 * HOUR_MS);
    expect(lastRecord('AssumeRole')).toMatchObject({
      userIdentity: { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' },
      requestParameters: { roleArn: `arn:aws:iam::${ACCOUNTS.member}:role/invoice-maker`, roleSessionName: FunctionName },
      responseElements: { credentials: { accessKeyId: key.accessKeyId } },
    });
  });

  it('is the same from call to call, and a new one shortly before it expires', async () => {
    const first = invoked();
    await range.clock.advance(11 * HOUR_MS);
    const second = invoked();
    await range.clock.advance(HOUR_MS);

    expect(second).toEqual(first);
    expect(invoked()?.accessKeyId).not.toBe(first?.accessKeyId);
  });
});

function failed(): never {
  throw new Error('the function has no credentials');
}
