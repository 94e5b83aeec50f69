import type { OrganizationConfig } from '../../src/contracts/organization.js';
import type { Principal } from '../../src/contracts/principal.js';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import { type AwsAccess, scopeOf } from './aws-access.js';
import { emptySnapshot } from './empty-snapshot.js';
import { createPartReader, type PartReader } from './part-reader.js';
import { readIdentityCenterSnapshot } from './read-identity-center-snapshot.js';
import { readProfileArns, readRoleFunctions, readRoleInstances } from './read-role-compute.js';
import { readRoleSnapshot } from './read-role-snapshot.js';
import { readScpCapability } from './read-scp-capability.js';
import { readUserSnapshot } from './read-user-snapshot.js';
import type { Running, SnapshotReading, SnapshotSubject } from './snapshot-reading.js';

/** What reads principals. */
export interface SnapshotDeps {
  readonly access: AwsAccess;
  readonly organization: () => Promise<OrganizationConfig | undefined>;
  /** Where functions and instances are looked for. */
  readonly regions: readonly string[];
}

/**
 * Reads a principal as it is. Only the principal itself must be readable: any other part that fails is left empty and named. Needs
 * what the readers of its kind and `readScpCapability` need.
 *
 * @throws NoSuchEntityException, ResourceNotFoundException: there is no such principal
 */
export async function readSnapshot(deps: SnapshotDeps, subject: SnapshotSubject): Promise<PrincipalSnapshot> {
  const { principal, readBy, depth } = subject;
  const scope = scopeOf(subject.role, subject);
  const reading: SnapshotReading = {
    iam: deps.access.iam(scope),
    principal,
    readBy,
    depth,
    compute: (found) => readCompute(deps, subject, found),
  };
  const [snapshot, scp] = await Promise.all([readKind(deps, subject, reading), depth === 'plan' ? readScp(deps, subject) : undefined]);
  if (scp === undefined) return snapshot;
  return { ...snapshot, ...(scp.capability === undefined ? {} : { scp: scp.capability }), notRead: [...snapshot.notRead, ...scp.notRead] };
}

function readKind(deps: SnapshotDeps, subject: SnapshotSubject, reading: SnapshotReading): Promise<PrincipalSnapshot> {
  switch (subject.principal.kind) {
    case 'user':
      return readUserSnapshot(reading);
    case 'role':
      return readRoleSnapshot(reading);
    case 'identityCenterUser':
      return readIdentityCenterSnapshot(deps, subject);
    case 'root':
      // IAM tells nothing about the root user: which keys it has is known by alerts alone.
      return Promise.resolve(emptySnapshot(subject));
  }
}

async function readScp(
  { access, organization }: SnapshotDeps,
  { principal, incidentId }: SnapshotSubject,
): Promise<{ capability: PrincipalSnapshot['scp']; notRead: string[] } | undefined> {
  const config = await organization();
  if (config === undefined) return undefined;
  const notRead: string[] = [];
  const client = access.organizations({ account: config.hubAccount, role: 'Reader', incidentId });
  const unknown = { guard: 'unknown' as const, quarantinePolicyIds: [], isManagement: principal.account === config.managementAccount };
  const capability = await createPartReader(notRead)('service control policies', unknown, () =>
    readScpCapability(client, { account: principal.account, config }),
  );
  return { capability, notRead };
}

async function readCompute(
  { access, regions }: SnapshotDeps,
  subject: SnapshotSubject,
  { principal, part }: { principal: Principal; part: PartReader },
): Promise<Running> {
  const scope = scopeOf(subject.role, subject);
  const profileArns = await part('instance profiles', [], () => readProfileArns(access.iam(scope), principal.name));
  const rows = await Promise.all(
    regions.map(async (region) => ({
      functions: await part(`functions of ${region}`, [], () =>
        readRoleFunctions(access.lambda(scope, region), { roleArn: principal.arn, region }),
      ),
      instances: await part(`instances of ${region}`, [], () => readRoleInstances(access.ec2(scope, region), { profileArns, region })),
    })),
  );
  return { functions: rows.flatMap(({ functions }) => functions), instances: rows.flatMap(({ instances }) => instances) };
}
