/** Whether a credential may be used; the range knows no other states of these kinds. */
export type CredentialStatus = 'Active' | 'Inactive';

/** User name and password, or API key, for one AWS service (CodeCommit, Keyspaces, Bedrock). */
export type ServiceCredential = {
  readonly id: string;
  readonly service: string;
  /** The name to sign in with, or the alias of an API key. */
  readonly loginName: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly status: CredentialStatus;
};

/** An SSH public key for CodeCommit. */
export type SshKey = {
  readonly id: string;
  readonly body: string;
  /** MD5 of the key, as `ssh-keygen -l -E md5` shows it. */
  readonly fingerprint: string;
  readonly uploadedAt: number;
  readonly status: CredentialStatus;
};

/** An X.509 signing certificate. */
export type SigningCertificate = {
  readonly id: string;
  readonly body: string;
  readonly uploadedAt: number;
  readonly status: CredentialStatus;
};

/** An MFA device that a user signs in with. */
export type MfaDevice = { readonly serialNumber: string; readonly enabledAt: number };

/** A virtual MFA device, which lives in the account whether or not a user has it. */
export type VirtualMfaDevice = { readonly serialNumber: string; readonly name: string; readonly path: string };
