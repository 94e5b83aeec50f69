import type { Env } from '../../config/env.js';
import { SCP_QUOTA } from '../../contracts/quarantine-scp.js';
import type { AwsRole } from '../../ports/aws-access.js';
import type { OrganizationProbe } from '../../worker/organization-probe.js';
import { shortMessage, type Finding } from './finding.js';

const ROLES: readonly AwsRole[] = ['Reader', 'Responder', 'Restorer'];
/** An entry has about 230 characters: below this no containment finds room. */
const ENTRY_CHARACTERS = 300;

/** The roles in every account, what they find ready there, and the SCPs above it. Nothing where there is no `organization.yaml`. */
export async function organizationChecks(env: Env): Promise<Finding[]> {
  // Loaded on demand: the AWS clients would slow down every other command.
  const { createOrganizationProbe } = await import('../../worker/organization-probe.js');
  const probe = await createOrganizationProbe(env).catch((error: unknown) => shortMessage(error));
  if (probe === undefined) {
    const detail = 'no organization.yaml: one account, reached with the worker’s own identity; no SCP layer';
    return [
      {
        check: 'organization',
        status: 'warn',
        detail,
        fix: 'README, “An organization”: containment then survives an attacker who fights back',
      },
    ];
  }
  if (typeof probe === 'string') return [{ check: 'organization', status: 'fail', detail: probe, fix: 'mend organization.yaml' }];
  const rows = await Promise.all([
    ...probe.accounts.flatMap((account) => [
      ...ROLES.map((role) => asked(`role${role} ${account}`, () => probe.becomes(account, role), TEMPLATE)),
      quarantine(probe, account),
      scps(probe, account),
    ]),
    room(probe),
  ]);
  return rows.flat();
}

const TEMPLATE = 'deploy src/deploy/aws/spoke.yaml in the account, with the same ExternalId and organization id';

async function asked(check: string, ask: () => Promise<string>, fix: string): Promise<Finding[]> {
  try {
    return [{ check, status: 'ok', detail: await ask() }];
  } catch (error) {
    return [{ check, status: 'fail', detail: shortMessage(error), fix }];
  }
}

async function quarantine(probe: OrganizationProbe, account: string): Promise<Finding[]> {
  const { quarantinePolicy, denyGroup } = await probe
    .quarantineIn(account)
    .catch(() => ({ quarantinePolicy: 'unknown', denyGroup: 'unknown' }));
  const ready = quarantinePolicy === 'present' && denyGroup === 'present';
  const detail = `policy ir/IRQuarantine ${quarantinePolicy}, deny group ${denyGroup}`;
  return [{ check: `quarantine ${account}`, status: ready ? 'ok' : 'warn', detail, ...(ready ? {} : { fix: TEMPLATE }) }];
}

async function scps(probe: OrganizationProbe, account: string): Promise<Finding[]> {
  const check = `scp ${account}`;
  try {
    const { guard, quarantinePolicyIds } = await probe.scpOn(account);
    const ready = guard === 'present' && quarantinePolicyIds.length > 0;
    const detail = `guard ${guard}, quarantine SCPs in force: ${quarantinePolicyIds.join(', ') || 'none'}`;
    return [
      {
        check,
        status: ready ? 'ok' : 'fail',
        detail,
        ...(ready ? {} : { fix: 'deploy src/deploy/aws/organization.yaml and attach its policies to the root' }),
      },
    ];
  } catch (error) {
    return [
      { check, status: 'fail', detail: shortMessage(error), fix: 'deploy src/deploy/aws/hub.yaml: its Reader may read the organization' },
    ];
  }
}

async function room(probe: OrganizationProbe): Promise<Finding[]> {
  try {
    const used = [...(await probe.quarantineScps())];
    const detail =
      used.map(([policyId, characters]) => `${policyId} ${characters} of ${SCP_QUOTA} characters`).join(', ') || 'none prepared';
    const hasRoom = used.some(([, characters]) => characters + ENTRY_CHARACTERS <= SCP_QUOTA);
    return [
      {
        check: 'quarantineScps',
        status: hasRoom ? 'ok' : 'fail',
        detail,
        ...(hasRoom ? {} : { fix: 'prepare one more quarantine SCP and name it in organization.yaml' }),
      },
    ];
  } catch (error) {
    return [{ check: 'quarantineScps', status: 'fail', detail: shortMessage(error), fix: 'deploy src/deploy/aws/hub.yaml' }];
  }
}
