import type { ScpEntry, ScpSubject } from '../../contracts/quarantine-scp.js';
import { sha256Of } from '../canonical-json.js';

/** One statement of an SCP, as JSON has it. */
export type ScpStatement = Readonly<Record<string, unknown>>;

/** Makers of access: IAM's writing calls and handing a role to a service. Reading, and assuming roles that exist, go on. */
const MINTING = [
  'iam:Add*',
  'iam:Attach*',
  'iam:Change*',
  'iam:Create*',
  'iam:Deactivate*',
  'iam:Delete*',
  'iam:Detach*',
  'iam:Enable*',
  'iam:PassRole',
  'iam:Put*',
  'iam:Remove*',
  'iam:Reset*',
  'iam:Set*',
  'iam:Tag*',
  'iam:Untag*',
  'iam:Update*',
  'iam:Upload*',
  'rolesanywhere:Create*',
  'rolesanywhere:Enable*',
  'rolesanywhere:Update*',
  'sts:GetFederationToken',
] as const;

/** Who goes on working while minting is frozen: incident response, the emergency ways in, and AWS's own roles. */
const NOT_FROZEN = [
  'arn:*:iam::*:role/ir/*',
  'arn:*:iam::*:role/breakglass*',
  'arn:*:iam::*:user/breakglass/*',
  'arn:*:iam::*:role/OrganizationAccountAccessRole',
  'arn:*:iam::*:role/aws-service-role/*',
] as const;

/**
 * Sessions of AssumeRoot are the organization's own, and delete what a stolen root user signs in with: they are not stopped with it
 * (IAM user guide, "aws:AssumedRoot": the key is in their requests alone).
 */
const NOT_BY_ASSUME_ROOT = { Null: { 'aws:AssumedRoot': 'true' } } as const;

/** The statement that is one entry. Its Sid names incident and subject, so that it is found again. */
export function scpStatementFor(entry: ScpEntry): ScpStatement {
  const Sid = scpSidOf(entry);
  const { subject } = entry;
  switch (subject.kind) {
    case 'principal': {
      const who = { ArnEquals: { 'aws:PrincipalArn': subject.arn } };
      const Condition = subject.arn.endsWith(':root') ? { ...who, ...NOT_BY_ASSUME_ROOT } : who;
      return { Sid, Effect: 'Deny', Action: '*', Resource: '*', Condition };
    }
    case 'session':
      return { Sid, Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:userid': subject.userId } } };
    case 'identityCenterUser':
      return { Sid, Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringEquals: { 'identitystore:UserId': subject.userId } } };
    case 'minting':
      return {
        Sid,
        Effect: 'Deny',
        Action: [...MINTING],
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:PrincipalAccount': subject.account },
          ArnNotLike: { 'aws:PrincipalArn': [...NOT_FROZEN] },
          ...NOT_BY_ASSUME_ROOT,
        },
      };
  }
}

/** `IR<incident><hash of the subject>`: a Sid takes letters and digits only. */
export function scpSidOf({ subject, incidentId }: ScpEntry): string {
  return `IR${incidentId.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 24)}x${sha256Of(subject).slice(0, 12)}`;
}

/** Whether a Sid is one that Tourniquet gives. */
export function isOurSid(sid: string): boolean {
  return /^IRINC[A-Z0-9]{8,21}x[0-9a-f]{12}$/.test(sid);
}

/** What an entry is called in a plan: `principal arn:…`, `minting 111122223333`. */
export function scpTargetOf(subject: ScpSubject): string {
  switch (subject.kind) {
    case 'principal':
      return `principal ${subject.arn}`;
    case 'session':
    case 'identityCenterUser':
      return `${subject.kind} ${subject.userId}`;
    case 'minting':
      return `minting ${subject.account}`;
  }
}
