import { type GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { GetUserCommand, type IAMClient, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import { z } from 'zod';
import { parsePayload } from '../../../src/contracts/failures.js';
import { Principal } from '../../../src/contracts/principal.js';
import { Id } from '../../../src/contracts/primitives.js';
import type { ControlFinding } from '../../../src/contracts/recovery.js';
import { DENY_ALL_BOUNDARY_NAME } from '../../../src/domain/planning/documents.js';
import type { AccessScope } from '../../../src/ports/aws-access.js';
import type { AwsAccess } from '../aws-access.js';
import type { RecentCallers } from '../recent-callers.js';

export interface CheckControlsDeps {
  readonly access: Pick<AwsAccess, 'iam'>;
  readonly evidenceClients: (scope: AccessScope) => { readonly guardDuty: (region: string) => Pick<GuardDutyClient, 'send'> };
  readonly regions: readonly string[];
  readonly recentCallers: RecentCallers;
}

const Input = z.strictObject({ incidentId: Id, principal: Principal });

/**
 * Looks for the controls that S003 recovery 4 names, and for the address restriction of its containment 3: hardening only,
 * it stops nobody inside the range (aws-domain 1.2, D7). Needs `iam:ListMFADevices`, `iam:GetUser`,
 * `guardduty:ListDetectors`, `cloudtrail:LookupEvents`.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createCheckControls(deps: CheckControlsDeps): (input: z.infer<typeof Input>) => Promise<ControlFinding[]> {
  return async (raw) => {
    const { principal, incidentId } = parsePayload(Input, raw, 'controls');
    const scope = { account: principal.account, role: 'Reader', incidentId } as const;
    const guardDuty = await checkGuardDuty(deps, scope);
    if (principal.kind !== 'user') return [guardDuty];
    return [...(await checkUser(deps.access.iam(scope), principal.name)), guardDuty, await proposeAddresses(deps, principal)];
  };
}

async function checkUser(iam: Pick<IAMClient, 'send'>, UserName: string): Promise<ControlFinding[]> {
  const [{ MFADevices = [] }, { User }] = await Promise.all([
    iam.send(new ListMFADevicesCommand({ UserName })),
    iam.send(new GetUserCommand({ UserName })),
  ]);
  const boundary = User?.PermissionsBoundary?.PermissionsBoundaryArn;
  const bounded = boundary !== undefined && !boundary.endsWith(DENY_ALL_BOUNDARY_NAME);
  return [
    {
      control: 'mfa',
      present: MFADevices.length > 0,
      detail: MFADevices.length > 0 ? `${MFADevices.length} MFA device(s)` : `${UserName} has no MFA device`,
      commands: [],
    },
    {
      control: 'permissionsBoundary',
      present: bounded,
      detail: bounded ? boundary : `${UserName} has no permissions boundary of its own`,
      commands: bounded ? [] : [`aws iam put-user-permissions-boundary --user-name ${UserName} --permissions-boundary <policy ARN>`],
    },
  ];
}

async function checkGuardDuty({ evidenceClients, regions }: CheckControlsDeps, scope: AccessScope): Promise<ControlFinding> {
  const { guardDuty } = evidenceClients(scope);
  const off: string[] = [];
  for (const region of regions) {
    const { DetectorIds = [] } = await guardDuty(region).send(new ListDetectorsCommand({}));
    if (DetectorIds.length === 0) off.push(region);
  }
  return {
    control: 'guardDuty',
    present: off.length === 0,
    detail: off.length === 0 ? `a detector in ${regions.join(', ')}` : `no detector in ${off.join(', ')}`,
    commands: off.map((region) => `aws guardduty create-detector --enable --region ${region}`),
  };
}

/** Stands where a person must name the addresses: the intruder's are among those that were seen, and AWS refuses it as it is. */
const CHOOSE = '<an address of its workload>';

/** The addresses it was used from, and a policy a person may put after choosing among them. */
async function proposeAddresses({ recentCallers }: CheckControlsDeps, principal: Principal): Promise<ControlFinding> {
  const { callers } = await recentCallers(principal);
  const known = [...new Set(callers.filter(({ sourceIp }) => /^[\d.:a-f]+$/.test(sourceIp)).map(({ sourceIp }) => sourceIp))].slice(0, 10);
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyFromKnownAddresses',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { NotIpAddress: { 'aws:SourceIp': [CHOOSE] }, Bool: { 'aws:ViaAWSService': 'false' } },
      },
    ],
  };
  return {
    control: 'ipRestriction',
    present: false,
    detail: `seen from ${known.join(', ') || 'nowhere lately'}: choose which of them are its workloads'; callers through VPC endpoints would break`,
    commands:
      known.length === 0
        ? []
        : [
            `aws iam put-user-policy --user-name ${principal.name} --policy-name OnlyFromKnownAddresses --policy-document '${JSON.stringify(document)}'`,
          ],
  };
}
