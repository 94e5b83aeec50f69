import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { packagePath } from '../../../src/config/paths.js';
import { CloudTrailRecord } from '../../../src/domain/cloudtrail/record.js';
import { ancestorOf, callerArnOf, descendantsOf, profilesIn } from '../../../src/domain/growth/descendants.js';
import {
  ACCOUNT,
  assumes,
  aTrailRecord,
  bySession,
  HOLDER_IP,
  launches,
  makesUser,
  NOBODY,
  onFunction,
  ROLE,
  THIEF_IP,
  USER,
} from './trail-records.js';

const OTHER_ROLE = `arn:aws:iam::${ACCOUNT}:role/other/app`;
const arnsOf = (record: CloudTrailRecord): string[] => descendantsOf(record, NOBODY).map(({ how, arn }) => `${how} ${arn}`);
const on = (eventName: string, requestParameters: object, members: object = {}): CloudTrailRecord =>
  aTrailRecord('iam', eventName, { requestParameters, ...members });

describe('where a call leads', () => {
  it('is the user it made, with the event, the caller and the second it happened in', () => {
    const record = makesUser('backdoor');

    expect(descendantsOf(record, NOBODY)).toEqual([
      {
        arn: `arn:aws:iam::${ACCOUNT}:user/made/backdoor`,
        how: 'created',
        callerArn: USER,
        api: 'CreateUser',
        eventId: record.eventID,
        region: 'us-east-1',
        eventAt: '2026-11-22T10:05:00.000Z',
        fromHolder: false,
      },
    ]);
  });

  it.each([
    [
      'iam-create-admin-user',
      ['created arn:aws:iam::229654561268:user/malicious-iam-user', 'changed arn:aws:iam::229654561268:user/malicious-iam-user'],
    ],
    ['iam-create-backdoor-role', ['created arn:aws:iam::609418236337:role/stratus-red-team-malicious-iam-role']],
    ['sts-federation-token', []],
    ['ec2-get-password-data', ['became arn:aws:iam::457448411975:role/stratus-red-team-ec2-get-password-data-role']],
  ])('is found in the real attack %s', async (name, expected) => {
    const text = await readFile(packagePath('test', 'fixtures', 'cloudtrail', `stratus-${name}.json`), 'utf8');
    const records = CloudTrailRecord.array().parse(JSON.parse(text)).toReversed();
    const ofUsers = records.filter(({ userIdentity }) => userIdentity.type === 'IAMUser');

    expect(ofUsers.length).toBeGreaterThan(0);
    expect([...new Set(ofUsers.flatMap(arnsOf))]).toEqual(expected);
  });

  it('is the role it took a session of, with the session’s name', () => {
    expect(descendantsOf(assumes(ROLE, 'sync'), NOBODY)).toMatchObject([{ arn: ROLE, how: 'became', session: 'sync', callerArn: USER }]);
  });

  it('is the role behind a session, not the session, that made something', () => {
    const [found] = descendantsOf(makesUser('backdoor', { userIdentity: bySession('sync') }), NOBODY);

    expect(found?.callerArn).toBe(ROLE);
  });

  it('is one place for each of 2 instances that run with a profile, under the instance’s id', () => {
    const record = launches(['i-0aaa', 'i-0bbb'], 'app-profile');
    const arn = `arn:aws:iam::${ACCOUNT}:instance-profile/app-profile`;

    expect(descendantsOf(record, NOBODY)).toMatchObject([
      { arn, how: 'became', session: 'i-0aaa' },
      { arn, how: 'became', session: 'i-0bbb' },
    ]);
    expect(profilesIn(record)).toEqual([arn]);
  });

  it('is nowhere for instances without a profile', () => {
    expect(arnsOf(launches(['i-0aaa']))).toEqual([]);
    expect(profilesIn(launches(['i-0aaa']))).toEqual([]);
  });

  it.each([
    ['CreateFunction20150331', 'became'],
    ['UpdateFunctionCode20150331v2', 'changed'],
    ['UpdateFunctionConfiguration20150331v2', 'changed'],
  ])('is the role of the function, by %s: %s', (eventName, how) => {
    expect(descendantsOf(onFunction(eventName, ROLE), NOBODY)).toMatchObject([{ arn: ROLE, how, session: 'sync-job' }]);
  });

  it.each(['DeleteFunction20150331', 'GetFunction20150331v2', 'CreateFunctionUrlConfig'])('is nowhere for %s', (eventName) => {
    expect(arnsOf(onFunction(eventName, ROLE))).toEqual([]);
  });

  it.each([
    ['UpdateAssumeRolePolicy', { roleName: 'app' }, `role/app`],
    ['CreateAccessKey', { userName: 'payroll' }, `user/payroll`],
    ['CreateLoginProfile', { userName: 'payroll' }, `user/payroll`],
    ['UpdateLoginProfile', { userName: 'payroll' }, `user/payroll`],
    ['CreateServiceSpecificCredential', { userName: 'payroll' }, `user/payroll`],
  ])('is somebody else’s that %s opened', (eventName, requestParameters, path) => {
    expect(arnsOf(on(eventName, requestParameters))).toEqual([`changed arn:aws:iam::${ACCOUNT}:${path}`]);
  });

  it('is in the partition of the caller', () => {
    const userIdentity = { type: 'IAMUser', arn: `arn:aws-us-gov:iam::${ACCOUNT}:user/ops`, accountId: ACCOUNT };

    expect(arnsOf(on('CreateAccessKey', { userName: 'payroll' }, { userIdentity }))).toEqual([
      `changed arn:aws-us-gov:iam::${ACCOUNT}:user/payroll`,
    ]);
  });

  it('is nowhere for what a user or role under a path does to itself', () => {
    const ownTrust = on('UpdateAssumeRolePolicy', { roleName: 'deploy-target' }, { userIdentity: bySession('sync') });

    expect(arnsOf(on('CreateAccessKey', { userName: 'ci-deploy' }))).toEqual([]);
    expect(arnsOf(on('CreateAccessKey', {}))).toEqual([]);
    expect(arnsOf(ownTrust)).toEqual([]);
  });

  it('is the role itself, under another session name, when it assumes itself', () => {
    expect(arnsOf(assumes(ROLE, 'again', { userIdentity: bySession('sync') }))).toEqual([`became ${ROLE}`]);
  });

  it.each([
    ['a new user', makesUser('backdoor', { errorCode: 'AccessDenied', responseElements: null })],
    ['a user that exists', on('CreateAccessKey', { userName: 'payroll' }, { errorCode: 'LimitExceededException' })],
    ['a role', assumes(ROLE, 'sync', { errorCode: 'AccessDenied', responseElements: null })],
    ['a trust policy', on('UpdateAssumeRolePolicy', { roleName: 'app' }, { errorCode: 'AccessDenied' })],
  ])('is nowhere when AWS refused: %s', (_, record) => {
    expect(arnsOf(record)).toEqual([]);
  });

  it('is nowhere for calls of the same name of another service, and for reading', () => {
    const elsewhere = aTrailRecord('elasticache', 'CreateUser', { responseElements: { user: { arn: `arn:aws:iam::${ACCOUNT}:user/x` } } });

    expect(arnsOf(elsewhere)).toEqual([]);
    expect(arnsOf(aTrailRecord('workmail', 'CreateAccessKey', { requestParameters: { userName: 'payroll' } }))).toEqual([]);
    expect(arnsOf(on('GetUser', { userName: 'payroll' }))).toEqual([]);
  });

  it('is nowhere when the record names no caller', () => {
    expect(arnsOf(makesUser('backdoor', { userIdentity: { type: 'AWSService', invokedBy: 'iam.amazonaws.com' } }))).toEqual([]);
  });

  it('says whether the call came from an address of the rightful holder', () => {
    const known = new Set([HOLDER_IP]);

    expect(descendantsOf(makesUser('a', { sourceIPAddress: HOLDER_IP }), known)[0]?.fromHolder).toBe(true);
    expect(descendantsOf(makesUser('a', { sourceIPAddress: THIEF_IP }), known)[0]?.fromHolder).toBe(false);
  });
});

describe('where an intruder’s session came from', () => {
  const intruder = { arn: ROLE, sessions: ['sync'] };

  it('is the user it was issued to, told from the role', () => {
    expect(ancestorOf(assumes(ROLE, 'sync'), intruder, NOBODY)).toMatchObject([
      { arn: USER, callerArn: ROLE, how: 'cameFrom', api: 'AssumeRole', fromHolder: false },
    ]);
  });

  it('is the session of another role that took it', () => {
    const record = assumes(ROLE, 'sync', { userIdentity: bySession('i-0aaa', OTHER_ROLE) });

    expect(ancestorOf(record, intruder, NOBODY)).toMatchObject([{ arn: OTHER_ROLE, how: 'cameFrom', session: 'i-0aaa' }]);
  });

  it.each([
    ['another session of the role', assumes(ROLE, 'nightly')],
    ['a session of another role', assumes(OTHER_ROLE, 'sync')],
    ['a refused call', assumes(ROLE, 'sync', { errorCode: 'AccessDenied' })],
    ['a service', assumes(ROLE, 'sync', { userIdentity: { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' } })],
    ['another account’s root', assumes(ROLE, 'sync', { userIdentity: { type: 'AWSAccount', accountId: '999988887777' } })],
    ['the root user', assumes(ROLE, 'sync', { userIdentity: { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT } })],
    ['another call', makesUser('backdoor')],
  ])('is nobody for %s', (_, record) => {
    expect(ancestorOf(record, intruder, NOBODY)).toEqual([]);
  });

  it('is nobody where no session is known to be the intruder’s', () => {
    expect(ancestorOf(assumes(ROLE, 'sync'), { arn: ROLE }, NOBODY)).toEqual([]);
  });
});

describe('the caller of a record', () => {
  it('is the user, or the role behind a session', () => {
    expect(callerArnOf(makesUser('a'))).toBe(USER);
    expect(callerArnOf(makesUser('a', { userIdentity: bySession('sync') }))).toBe(ROLE);
  });
});
