import type { Account } from './account.js';
import type { Credential } from './credentials.js';
import type { RootUser, User } from './model.js';

/** The account's credential report: made in the background and then kept for a while. */
export type CredentialReport = { readonly generatedAt: number; readonly readyAt: number; readonly content: string };

/** The report's columns, in AWS's order (IAM user guide, "Get credential reports", "Understanding the report format"). */
const COLUMNS = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
] as const;

const NONE = 'N/A';

/** Writes the report as the account is configured now. Keys and certificates are numbered by age. */
export function credentialReportCsv(account: Account): string {
  const rows = [rootRow(account), ...account.users.list().map((user) => userRow(account, user))];
  // No name, ARN or date can hold a comma or a quote (IAM name rules), so nothing needs quoting.
  return [COLUMNS, ...rows].map((row) => row.join(',')).join('\n');
}

/** Root never signs in. */
function rootRow(account: Account): string[] {
  const { root, users } = account;
  const born = Math.min(...users.list().map(({ createdAt }) => createdAt));
  const profile = root.loginProfile.latest();
  const password = profile === undefined ? ['false', NONE, NONE] : ['true', 'no_information', time(profile.createdAt)];
  const [firstKey, secondKey] = keysOf(account, root);
  const keys = [...keyColumns(firstKey), ...keyColumns(secondKey)];
  const hasMfa = String(root.mfaDevices.seen().length > 0);
  return ['<root_account>', root.arn, time(born), ...password, NONE, hasMfa, ...keys, 'false', NONE, 'false', NONE];
}

function userRow(account: Account, user: User): string[] {
  const profile = user.loginProfile.latest();
  const password = profile === undefined ? ['false', NONE, NONE, NONE] : ['true', 'no_information', time(profile.createdAt), NONE];
  const [firstKey, secondKey] = keysOf(account, user);
  const certificates = user.certificates
    .seen()
    .map(([, certificate]) => certificate)
    .sort((left, right) => left.uploadedAt - right.uploadedAt);
  const certificateColumns = [0, 1].flatMap((index) => {
    const certificate = certificates[index];
    return certificate === undefined ? ['false', NONE] : [String(certificate.status === 'Active'), time(certificate.uploadedAt)];
  });
  const hasMfa = user.mfaDevices.seen().length > 0;
  const keys = [...keyColumns(firstKey), ...keyColumns(secondKey)];
  return [user.name, user.arn, time(user.createdAt), ...password, String(hasMfa), ...keys, ...certificateColumns];
}

function keysOf(account: Account, owner: User | RootUser): Credential[] {
  return account.credentials
    .all()
    .filter(
      ({ bearer, session, status }) =>
        session === undefined &&
        (bearer.kind === 'user' ? bearer.user === owner : bearer.kind === owner.kind) &&
        status.latest() !== 'Deleted',
    )
    .sort((left, right) => left.issuedAt - right.issuedAt);
}

function keyColumns(key: Credential | undefined): string[] {
  if (key === undefined) return ['false', NONE, NONE, NONE, NONE];
  const { status, issuedAt, lastUse } = key;
  const use = lastUse === undefined ? [NONE, NONE, NONE] : [time(lastUse.at), lastUse.region, lastUse.service];
  return [String(status.latest() === 'Active'), time(issuedAt), ...use];
}

/** `2026-11-22T10:15:30+00:00`. */
function time(ms: number): string {
  // An account without users has no time to show for its birth.
  return !Number.isFinite(ms) ? NONE : `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}
