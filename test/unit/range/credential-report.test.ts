import { GenerateCredentialReportCommand, GetCredentialReportCommand, UpdateAccessKeyCommand, type IAMClient } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf } from './clients.js';

let range: Range;
let clock: VirtualClock;
let iam: IAMClient;

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ clock, propagationSeconds: { min: 0, max: 0 } });
  iam = clientsFor(range, range.identities.responder).iam;
});

const generate = async (): Promise<string | undefined> => (await iam.send(new GenerateCredentialReportCommand({}))).State;

/** The report's rows by user, each by column. */
async function rows(): Promise<Record<string, Record<string, string>>> {
  const { Content } = await iam.send(new GetCredentialReportCommand({}));
  const [header = '', ...lines] = Buffer.from(Content ?? [])
    .toString('utf8')
    .split('\n');
  const columns = header.split(',');
  const entries = lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [columns[index] ?? '', cell])));
  return Object.fromEntries(entries.map((row) => [row['user'] ?? '', row]));
}

describe('the credential report', () => {
  it('is not there, then in progress for a second, then complete, and expired after 4 hours', async () => {
    const read = (): Promise<string> => errorOf(iam.send(new GetCredentialReportCommand({})));
    const before = await read();
    const states = [await generate(), await generate()];
    const making = await read();
    await clock.advance(1000);
    states.push(await generate());
    const made = await read();
    await clock.advance(4 * 3_600_000);

    expect(states).toEqual(['STARTED', 'INPROGRESS', 'COMPLETE']);
    expect([before, making, made, await read()]).toEqual([
      'CredentialReportNotPresentException',
      'CredentialReportNotReadyException',
      'no error',
      'CredentialReportExpiredException',
    ]);
    expect(await generate()).toBe('STARTED');
  });

  it("has AWS's columns, a root row, and the state of both keys", async () => {
    await generate();
    await clock.advance(1000);

    const report = await rows();

    expect(Object.keys(report['ci-deploy'] ?? {})).toHaveLength(22);
    expect(report['<root_account>']).toMatchObject({
      arn: 'arn:aws:iam::111122223333:root',
      mfa_active: 'true',
      access_key_1_active: 'false',
    });
    expect(report['ci-deploy']).toMatchObject({ password_enabled: 'false', access_key_1_active: 'false', access_key_2_active: 'true' });
    expect(report['ci-deploy']?.['access_key_2_last_used_service']).toBe('sts');
    expect(report['dana']).toMatchObject({ password_enabled: 'true', password_last_used: 'no_information', cert_1_active: 'false' });
  });

  it('is up to 4 hours old: a key switched off meanwhile still shows as active', async () => {
    await generate();
    await clock.advance(1000);
    await iam.send(
      new UpdateAccessKeyCommand({ UserName: 'ci-deploy', AccessKeyId: range.identities.leaked.accessKeyId, Status: 'Inactive' }),
    );

    expect(await generate()).toBe('COMPLETE');
    expect((await rows())['ci-deploy']?.['access_key_2_active']).toBe('true');
  });
});
