import {
  CreateServiceSpecificCredentialCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteSigningCertificateCommand,
  DeleteSSHPublicKeyCommand,
  DeleteUserCommand,
  DeleteVirtualMFADeviceCommand,
  CreateUserCommand,
  EnableMFADeviceCommand,
  GetSSHPublicKeyCommand,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListVirtualMFADevicesCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
  UploadSigningCertificateCommand,
  UploadSSHPublicKeyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range } from '../../../src/range/index.js';
import { clientsFor, errorOf, lastRecordOf } from './clients.js';

const UserName = 'temp';
const CodeCommit = 'codecommit.amazonaws.com';
const sshKey = (mark: string): string => `ssh-rsa ${Buffer.from(`the public key ${mark}`).toString('base64')} ${mark}@example`;
const certificate = (mark: string): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(`the certificate ${mark}`).toString('base64')}\n-----END CERTIFICATE-----`;

let range: Range;
let iam: IAMClient;

beforeEach(async () => {
  range = await startRange({ clock: createVirtualClock(), propagationSeconds: { min: 0, max: 0 } });
  iam = clientsFor(range, range.identities.admin).iam;
  await iam.send(new CreateUserCommand({ UserName }));
});

describe('service-specific credentials', () => {
  it('are made with a password nobody reads again, switched off, found for all users, and deleted', async () => {
    const { ServiceSpecificCredential: made } = await iam.send(
      new CreateServiceSpecificCredentialCommand({ UserName, ServiceName: CodeCommit }),
    );
    const ServiceSpecificCredentialId = made?.ServiceSpecificCredentialId;
    await iam.send(new UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId, Status: 'Inactive' }));
    const { ServiceSpecificCredentials: listed } = await iam.send(new ListServiceSpecificCredentialsCommand({ AllUsers: true }));
    await iam.send(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId }));
    const { ServiceSpecificCredentials: left } = await iam.send(new ListServiceSpecificCredentialsCommand({ UserName }));

    expect(made).toMatchObject({ ServiceUserName: `temp-at-${range.accountId}`, Status: 'Active', ServicePassword: expect.any(String) });
    expect(listed).toEqual([expect.objectContaining({ UserName, ServiceName: CodeCommit, Status: 'Inactive' })]);
    expect(listed?.[0]).not.toHaveProperty('ServicePassword');
    expect(left).toEqual([]);
    expect(JSON.stringify(range.recorded())).not.toContain(made?.ServicePassword);
    expect(lastRecordOf(range, 'CreateServiceSpecificCredential')?.responseElements).toMatchObject({
      serviceSpecificCredential: {
        serviceSpecificCredentialId: ServiceSpecificCredentialId,
        serviceUserName: `temp-at-${range.accountId}`,
      },
    });
  });

  it('allow two for one service, API keys for Bedrock with an end, and nothing for other services', async () => {
    const create = (ServiceName: string): Promise<string> =>
      errorOf(iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName })));
    const { ServiceSpecificCredential: key } = await iam.send(
      new CreateServiceSpecificCredentialCommand({ UserName, ServiceName: 'bedrock.amazonaws.com', CredentialAgeDays: 30 }),
    );

    expect([await create(CodeCommit), await create(CodeCommit), await create(CodeCommit)]).toEqual([
      'no error',
      'no error',
      'LimitExceededException',
    ]);
    expect(await create('s3.amazonaws.com')).toBe('ServiceNotSupportedException');
    expect(key).toMatchObject({ ServiceCredentialAlias: `temp-at-${range.accountId}`, ServiceCredentialSecret: expect.any(String) });
    expect((key?.ExpirationDate?.getTime() ?? 0) - (key?.CreateDate?.getTime() ?? 0)).toBe(30 * 24 * 3_600_000);
  });
});

describe('SSH public keys', () => {
  it('are uploaded, read with their MD5 fingerprint, switched off and deleted', async () => {
    const { SSHPublicKey: made } = await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: sshKey('one') }));
    const key = { UserName, SSHPublicKeyId: made?.SSHPublicKeyId };
    await iam.send(new UpdateSSHPublicKeyCommand({ ...key, Status: 'Inactive' }));
    const { SSHPublicKey: read } = await iam.send(new GetSSHPublicKeyCommand({ ...key, Encoding: 'SSH' }));
    await iam.send(new DeleteSSHPublicKeyCommand(key));
    const { SSHPublicKeys: left } = await iam.send(new ListSSHPublicKeysCommand({ UserName }));

    expect(read).toMatchObject({
      Status: 'Inactive',
      SSHPublicKeyBody: sshKey('one'),
      Fingerprint: expect.stringMatching(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/),
    });
    expect(left).toEqual([]);
    expect(await errorOf(iam.send(new DeleteSSHPublicKeyCommand(key)))).toBe('NoSuchEntityException');
  });

  it('are refused when malformed, twice the same, or the sixth', async () => {
    const upload = (SSHPublicKeyBody: string): Promise<string> =>
      errorOf(iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody })));
    for (const mark of ['1', '2', '3', '4', '5'])
      await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: sshKey(mark) }));

    expect(await upload('not a key')).toBe('InvalidPublicKeyException');
    expect(await upload(sshKey('5'))).toBe('DuplicateSSHPublicKeyException');
    expect(await upload(sshKey('6'))).toBe('LimitExceededException');
  });
});

describe('signing certificates', () => {
  it('are uploaded, switched off and deleted; a third, a second copy and nonsense are refused', async () => {
    const upload = (CertificateBody: string): Promise<string> =>
      errorOf(iam.send(new UploadSigningCertificateCommand({ UserName, CertificateBody })));
    const { Certificate: made } = await iam.send(new UploadSigningCertificateCommand({ UserName, CertificateBody: certificate('one') }));
    const one = { UserName, CertificateId: made?.CertificateId };
    await iam.send(new UpdateSigningCertificateCommand({ ...one, Status: 'Inactive' }));
    const { Certificates: listed } = await iam.send(new ListSigningCertificatesCommand({ UserName }));
    const refusals = [
      await upload('nonsense'),
      await upload(certificate('one')),
      await upload(certificate('two')),
      await upload(certificate('three')),
    ];
    await iam.send(new DeleteSigningCertificateCommand(one));

    expect(listed).toEqual([expect.objectContaining({ ...one, Status: 'Inactive' })]);
    expect(Object.values(range.iamState().users.find(({ name }) => name === UserName)?.certificates ?? {})).toEqual(['Active']);
    expect(refusals).toEqual(['MalformedCertificateException', 'DuplicateCertificateException', 'no error', 'LimitExceededException']);
    expect((await iam.send(new ListSigningCertificatesCommand({ UserName }))).Certificates).toHaveLength(1);
  });
});

describe('MFA devices', () => {
  it('are made, enabled with two codes that no record holds, found, deactivated and deleted', async () => {
    const { VirtualMFADevice: device } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }));
    const SerialNumber = device?.SerialNumber;
    const enable = (AuthenticationCode1: string, AuthenticationCode2: string): Promise<string> =>
      errorOf(iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 })));
    const attempts = [await enable('123456', '123456'), await enable('123456', '654321'), await enable('123456', '654321')];
    const { MFADevices: listed } = await iam.send(new ListMFADevicesCommand({ UserName }));
    const { VirtualMFADevices: assigned } = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Assigned' }));
    const inUse = await errorOf(iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })));
    await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
    await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));

    expect(attempts).toEqual(['InvalidAuthenticationCodeException', 'no error', 'EntityAlreadyExistsException']);
    expect(listed).toEqual([expect.objectContaining({ UserName, SerialNumber: `arn:aws:iam::${range.accountId}:mfa/phone` })]);
    expect(assigned).toEqual([expect.objectContaining({ SerialNumber, User: expect.objectContaining({ UserName }) })]);
    expect(inUse).toBe('DeleteConflictException');
    expect(JSON.stringify(range.recorded())).not.toMatch(/654321|base32StringSeed/);
  });
});

it('keep a user from being deleted, each of them', async () => {
  await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: sshKey('one') }));
  const { SSHPublicKeys = [] } = await iam.send(new ListSSHPublicKeysCommand({ UserName }));

  expect(await errorOf(iam.send(new DeleteUserCommand({ UserName })))).toBe('DeleteConflictException');
  await iam.send(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId: SSHPublicKeys[0]?.SSHPublicKeyId }));
  expect(await errorOf(iam.send(new DeleteUserCommand({ UserName })))).toBe('no error');
});
