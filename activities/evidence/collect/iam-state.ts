import {
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  ListAccessKeysCommand,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
} from '@aws-sdk/client-iam';
import type { Collector, CollectTools, GatheredFile } from './collector.js';
import { refusalOf, startTrail, type CallTrail } from './reading.js';

/** Users, groups, roles and policies together; the file then says that it was cut. */
const MAX_ENTITIES = 50_000;
const LISTS = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const;
type Details = Pick<GetAccountAuthorizationDetailsCommandOutput, (typeof LISTS)[number]>;

/**
 * All users, groups, roles and policies of the account with their documents, and the principal's credentials of every kind.
 * Needs `iam:GetAccountAuthorizationDetails`; per user `iam:ListAccessKeys`, `ListMFADevices`, `ListSigningCertificates`,
 * `ListSSHPublicKeys`, `ListServiceSpecificCredentials`, each of which may lack and is then noted.
 */
export const collectIamState: Collector = async ({ principal }, tools) => {
  const details = await readDetails(tools);
  const notes: string[] = [];
  const trail = startTrail(tools);
  const content = await readCredentials({ tools, trail, UserName: principal.name }, notes);
  const rows = Object.values(content).flat().length;
  const facts = {
    name: 'user-credentials',
    api: 'iam:ListAccessKeys and others',
    params: { UserName: principal.name },
    region: 'us-east-1',
  };
  return { outcome: 'collected', files: [details, trail.file({ ...facts, content, rows })], notes };
};

async function readDetails(tools: CollectTools): Promise<GatheredFile> {
  const trail = startTrail(tools);
  const all: { [List in keyof Details]-?: unknown[] } = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] };
  const count = (): number => LISTS.reduce((sum, list) => sum + all[list].length, 0);
  let Marker: string | undefined;
  do {
    const page: GetAccountAuthorizationDetailsCommandOutput = await trail.send(() =>
      tools.clients.iam.send(new GetAccountAuthorizationDetailsCommand(Marker === undefined ? {} : { Marker })),
    );
    for (const list of LISTS) all[list].push(...(page[list] ?? []));
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined && count() < MAX_ENTITIES);
  const facts = { name: 'account-authorization-details', api: 'iam:GetAccountAuthorizationDetails', params: {}, region: 'us-east-1' };
  return trail.file({ ...facts, content: all, rows: count(), truncated: Marker !== undefined });
}

/** A user has at most a handful of each: one page holds them all (IAM quotas). */
async function readCredentials(
  { tools: { clients }, trail, UserName }: { tools: CollectTools; trail: CallTrail; UserName: string },
  notes: string[],
): Promise<Record<string, unknown[]>> {
  const { iam } = clients;
  const part = async (name: string, read: () => Promise<unknown[] | undefined>): Promise<[string, unknown[]]> => {
    try {
      return [name, (await read()) ?? []];
    } catch (error) {
      const why = refusalOf(error) ?? (error instanceof Error && error.name === 'NoSuchEntityException' ? 'the user is gone' : undefined);
      if (why === undefined) throw error;
      notes.push(`${name} of ${UserName} not read: ${why}`);
      return [name, []];
    }
  };
  const user = { UserName };
  return Object.fromEntries([
    await part('accessKeys', async () => (await trail.send(() => iam.send(new ListAccessKeysCommand(user)))).AccessKeyMetadata),
    await part('mfaDevices', async () => (await trail.send(() => iam.send(new ListMFADevicesCommand(user)))).MFADevices),
    await part(
      'signingCertificates',
      async () => (await trail.send(() => iam.send(new ListSigningCertificatesCommand(user)))).Certificates,
    ),
    await part('sshPublicKeys', async () => (await trail.send(() => iam.send(new ListSSHPublicKeysCommand(user)))).SSHPublicKeys),
    await part(
      'serviceSpecificCredentials',
      async () => (await trail.send(() => iam.send(new ListServiceSpecificCredentialsCommand(user)))).ServiceSpecificCredentials,
    ),
  ]);
}
