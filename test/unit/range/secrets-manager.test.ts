import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Range } from '../../../src/range/index.js';
import { aUserWith } from '../../fixtures/evidence-bucket.js';
import { aRange } from '../../fixtures/range.js';
import { errorOf } from './clients.js';

const clientOf = (range: Range, credentials: { accessKeyId: string; secretAccessKey: string }, region = 'us-east-1') =>
  new SecretsManagerClient({ region, endpoint: range.endpoint, credentials, maxAttempts: 1 });
/** A token of the length AWS asks for. */
const token = (name: string): string => name.padEnd(36, '0');

let range: Range;
let client: SecretsManagerClient;
beforeAll(async () => {
  range = await aRange();
  client = clientOf(range, range.identities.admin);
});
afterAll(() => range.stop());

let names = 0;
async function aSecret(SecretString = 'first'): Promise<string> {
  const Name = `tourniquet/INC-1/key-${(names += 1)}`;
  await client.send(new CreateSecretCommand({ Name, SecretString, ClientRequestToken: token(`${Name}-1`) }));
  return Name;
}
const put = (SecretId: string, SecretString: string, version: string | { token: string; stages: string[] }) => {
  const { token: name, stages } = typeof version === 'string' ? { token: version, stages: undefined } : version;
  const VersionStages = stages === undefined ? {} : { VersionStages: stages };
  return client.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken: token(name), ...VersionStages }));
};
const valueOf = async (SecretId: string, asked: { VersionId?: string; VersionStage?: string } = {}) =>
  (await client.send(new GetSecretValueCommand({ SecretId, ...asked }))).SecretString;
const stagesOf = async (SecretId: string) => (await client.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages;

describe('secrets', () => {
  it('are found by name, ARN and ARN without its end, as text and as bytes', async () => {
    const created = await client.send(
      new CreateSecretCommand({ Name: 'by/any/name', SecretBinary: Buffer.from([0, 255]), ClientRequestToken: token('bin') }),
    );
    const { ARN = '' } = created;

    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:111122223333:secret:by\/any\/name-[A-Za-z0-9]{6}$/);
    for (const SecretId of ['by/any/name', ARN, ARN.slice(0, -7)]) {
      const { SecretBinary, VersionId, VersionStages } = await client.send(new GetSecretValueCommand({ SecretId }));
      expect([...(SecretBinary ?? [])]).toEqual([0, 255]);
      expect({ VersionId, VersionStages }).toEqual({ VersionId: token('bin'), VersionStages: ['AWSCURRENT'] });
    }
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toBeInstanceOf(ResourceNotFoundException);
    expect(await errorOf(clientOf(range, range.identities.admin, 'eu-west-1').send(new DescribeSecretCommand({ SecretId: ARN })))).toBe(
      'ResourceNotFoundException',
    );
  });

  it('move AWSCURRENT to the new version and AWSPREVIOUS to the one before; older ones have no label', async () => {
    const name = await aSecret();
    await put(name, 'second', 'v2');
    await put(name, 'third', 'v3');

    const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId: name }));
    const { Versions: all } = await client.send(new ListSecretVersionIdsCommand({ SecretId: name, IncludeDeprecated: true }));

    expect(await stagesOf(name)).toEqual({ [token('v2')]: ['AWSPREVIOUS'], [token('v3')]: ['AWSCURRENT'] });
    expect([Versions?.length, all?.length]).toEqual([2, 3]);
    expect([
      await valueOf(name),
      await valueOf(name, { VersionStage: 'AWSPREVIOUS' }),
      await valueOf(name, { VersionId: token(`${name}-1`) }),
    ]).toEqual(['third', 'second', 'first']);
    expect(await errorOf(valueOf(name, { VersionId: token('v2'), VersionStage: 'AWSCURRENT' }))).toBe('InvalidRequestException');
    expect(await errorOf(valueOf(name, { VersionStage: 'OURS' }))).toBe('ResourceNotFoundException');
  });

  it('take a repeated put once, and refuse its token for another value', async () => {
    const name = await aSecret();
    const first = await put(name, 'second', 'v2');

    const again = await put(name, 'second', 'v2');

    expect({ ...again, $metadata: 0 }).toEqual({ ...first, $metadata: 0 });
    await expect(put(name, 'other', 'v2')).rejects.toBeInstanceOf(ResourceExistsException);
    expect(await stagesOf(name)).toEqual({ [token(`${name}-1`)]: ['AWSPREVIOUS'], [token('v2')]: ['AWSCURRENT'] });
    expect(await errorOf(client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'x', ClientRequestToken: 'short' })))).toBe(
      'InvalidParameterException',
    );
  });

  it('are created once: the same request is ignored, another one refused', async () => {
    const name = await aSecret();
    const create = (SecretString: string, ClientRequestToken: string) =>
      errorOf(client.send(new CreateSecretCommand({ Name: name, SecretString, ClientRequestToken })));

    expect(await create('first', token(`${name}-1`))).toBe('no error');
    expect(await create('other', token(`${name}-1`))).toBe('ResourceExistsException');
    expect(await create('first', token('new'))).toBe('ResourceExistsException');
    expect(await valueOf(name)).toBe('first');
  });

  it('stage a version under an own label and move labels on request', async () => {
    const name = await aSecret();
    await put(name, 'pending', { token: 'v2', stages: ['AWSPENDING'] });
    expect([await valueOf(name), await valueOf(name, { VersionStage: 'AWSPENDING' })]).toEqual(['first', 'pending']);
    const move = (change: object) =>
      errorOf(client.send(new UpdateSecretVersionStageCommand({ SecretId: name, VersionStage: 'AWSCURRENT', ...change })));

    expect(await move({ MoveToVersionId: token('v2') })).toBe('InvalidParameterException');
    expect(await move({ RemoveFromVersionId: token(`${name}-1`) })).toBe('InvalidParameterException');
    expect(await move({ MoveToVersionId: token('v2'), RemoveFromVersionId: token(`${name}-1`) })).toBe('no error');
    expect(await move({ VersionStage: 'AWSPENDING', RemoveFromVersionId: token('v2') })).toBe('no error');
    expect(await stagesOf(name)).toEqual({ [token(`${name}-1`)]: ['AWSPREVIOUS'], [token('v2')]: ['AWSCURRENT'] });
  });

  it('are listed by tag and beginning of the name', async () => {
    const [mine, other] = [await aSecret(), await aSecret()];
    await client.send(new TagResourceCommand({ SecretId: mine, Tags: [{ Key: 'ir:incident', Value: 'INC-77' }] }));
    const list = async (Filters: { Key: 'name' | 'tag-key' | 'tag-value'; Values: string[] }[]) =>
      (await client.send(new ListSecretsCommand({ Filters }))).SecretList?.map(({ Name }) => Name);

    expect(
      await list([
        { Key: 'tag-key', Values: ['ir:incident'] },
        { Key: 'tag-value', Values: ['INC-77'] },
      ]),
    ).toEqual([mine]);
    expect(await list([{ Key: 'name', Values: ['tourniquet/'] }])).toEqual(expect.arrayContaining([mine, other]));
    expect((await client.send(new ListSecretsCommand({ MaxResults: 1 }))).NextToken).toBeDefined();
  });

  it('stay out of CloudTrail and of the record of writes, while who wrote and read them is in', async () => {
    const planted = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYPLANTEDKEY';
    const name = await aSecret(planted);
    await put(name, `${planted}2`, 'v2');
    await valueOf(name);

    const records = range.recorded().filter(({ requestParameters }) => JSON.stringify(requestParameters).includes(name));
    const written = range.writesBy(range.identities.admin.accessKeyId);

    expect(records.map(({ eventName, eventSource, readOnly }) => [eventSource, eventName, readOnly])).toEqual([
      ['secretsmanager.amazonaws.com', 'CreateSecret', false],
      ['secretsmanager.amazonaws.com', 'PutSecretValue', false],
      ['secretsmanager.amazonaws.com', 'GetSecretValue', true],
    ]);
    expect(JSON.stringify([range.recorded(), written])).not.toContain(planted);
    expect(written.map(({ api }) => api)).toContain('secretsmanager:PutSecretValue');
  });

  it('are subject to policies by ARN', async () => {
    const name = await aSecret();
    const vault = clientOf(
      range,
      await aUserWith(range, 'vault-writer', ['secretsmanager:PutSecretValue', 'secretsmanager:DescribeSecret']),
    );

    expect(
      await errorOf(vault.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'x', ClientRequestToken: token('w') }))),
    ).toBe('no error');
    expect(await errorOf(vault.send(new GetSecretValueCommand({ SecretId: name })))).toBe('AccessDeniedException');
    expect(await errorOf(vault.send(new CreateSecretCommand({ Name: 'new', SecretString: 'x' })))).toBe('AccessDeniedException');
  });
});
