import { DENY_GROUP, QUARANTINE_POLICY_PATH, QUARANTINE_PREFIX } from '../../contracts/names.js';
import type { MeasureCall } from '../../contracts/plan.js';
import type { Principal } from '../../contracts/principal.js';
import type { ScpEntry, ScpSubject } from '../../contracts/quarantine-scp.js';
import { sha256Of } from '../canonical-json.js';
import {
  CLOSED_TRUST_DOCUMENT,
  DENY_ALL_BOUNDARY_NAME,
  DENY_ALL_DOCUMENT,
  denyIdentityCenterUserStatement,
  denySessionDocument,
  REVOKE_SESSIONS_PREFIX,
} from './documents.js';
import { scpStatementFor, scpTargetOf } from './scp-documents.js';

/** `arn:aws:iam::<account>:policy/ir/IRQuarantine`, in the principal's partition. */
export function quarantinePolicyArn(principal: Pick<Principal, 'account' | 'arn'>): string {
  return `arn:${partitionOf(principal)}:iam::${principal.account}:policy${QUARANTINE_POLICY_PATH}${QUARANTINE_PREFIX}`;
}

/** `arn:aws:iam::aws:policy/AWSDenyAll`, in the principal's partition. */
export function denyAllBoundaryArn(principal: Pick<Principal, 'arn'>): string {
  return `arn:${partitionOf(principal)}:iam::aws:${DENY_ALL_BOUNDARY_NAME}`;
}

/** The inline deny's name: carries the incident, so that it is found and put again under the same name. */
export function inlineDenyName(incidentId: string): string {
  return `${QUARANTINE_PREFIX}-${incidentId}`;
}

/** Name of the inline policy that keeps older sessions out during the session hold. */
export function revokeSessionsName(incidentId: string): string {
  return `${REVOKE_SESSIONS_PREFIX}-${incidentId}`;
}

/** A user has one console password. */
export function loginProfileName({ name }: Pick<Principal, 'name'>): string {
  return `login-profile/${name}`;
}

/**
 * `<role>#<hash of its trust policy>`: what was signed names the only document that an undo may put back.
 */
export function closedTrustTarget({ name }: Pick<Principal, 'name'>, trustPolicy: string): string {
  return `${name}#${sha256Of(trustPolicy)}`;
}

/** Name of the inline policy that denies one session of a role. */
export function denySessionName(incidentId: string, session: string): string {
  return `${inlineDenyName(incidentId)}-${sha256Of(session).slice(0, 8)}`;
}

/** Whom the quarantine SCP stops for a principal: the sessions given, else the whole of it. */
export function scpSubjectOf(principal: Principal, session?: string): ScpSubject {
  if (principal.kind === 'identityCenterUser') return { kind: 'identityCenterUser', userId: principal.uniqueId };
  if (session !== undefined) return { kind: 'session', userId: `${principal.uniqueId}:${session}` };
  return { kind: 'principal', arn: principal.arn };
}

/** The session that a quarantine entry's target names; undefined for the whole principal. */
export function sessionOfScpTarget(target: string): string | undefined {
  return /^session [^:]+:(.+)$/.exec(target)?.[1];
}

/** The one call that root credentials are deleted by, for the record. */
export function rootCredentialsName(account: string): string {
  return `root-credentials/${account}`;
}

interface Scope {
  readonly principal: Principal;
  readonly incidentId: string;
}

type Row = Omit<MeasureCall, 'measure'>;

/**
 * The planner's and the writer's only source of calls: what is not made here is never made. Where a target follows from the
 * principal and the incident, what the caller says of it does not count.
 */
export function measureCallFor({ measure, target }: Pick<MeasureCall, 'measure' | 'target'>, scope: Scope): MeasureCall {
  return { measure, ...ROWS[measure](target, scope) };
}

const ROWS: Readonly<Record<MeasureCall['measure'], (target: string, scope: Scope) => Row>> = {
  quarantineByScp: (given, { principal, incidentId }) =>
    scpRow({ subject: scpSubjectOf(principal, sessionOfScpTarget(given)), incidentId }),
  freezeMinting: (_, { principal, incidentId }) => scpRow({ subject: { kind: 'minting', account: principal.account }, incidentId }),
  attachQuarantinePolicy: (_, { principal }) => {
    const target = quarantinePolicyArn(principal);
    return principal.kind === 'role'
      ? deny(target, 'iam:AttachRolePolicy', { RoleName: principal.name, PolicyArn: target })
      : deny(target, 'iam:AttachUserPolicy', { UserName: principal.name, PolicyArn: target });
  },
  joinDenyGroup: (_, { principal }) => deny(DENY_GROUP, 'iam:AddUserToGroup', { UserName: principal.name, GroupName: DENY_GROUP }),
  denySession: (session, { principal, incidentId }) =>
    deny(session, 'iam:PutRolePolicy', {
      RoleName: principal.name,
      PolicyName: denySessionName(incidentId, session),
      PolicyDocument: denySessionDocument(`${principal.uniqueId}:${session}`),
    }),
  setDenyVersion: (target) =>
    deny(target, 'iam:CreatePolicyVersion', { PolicyArn: target, PolicyDocument: DENY_ALL_DOCUMENT, SetAsDefault: 'true' }),
  denyInPermissionSet: (target, { principal }) => ({
    ...deny(target, 'sso-admin:PutInlinePolicyToPermissionSet', {
      PermissionSetArn: target,
      InlinePolicy: `(with one more statement) ${JSON.stringify(denyIdentityCenterUserStatement(principal.uniqueId))}`,
    }),
  }),
  deleteAssignment: (target, { principal }) => ({
    ...deny(target, 'sso-admin:DeleteAccountAssignment', {
      PermissionSetArn: target,
      PrincipalType: 'USER',
      PrincipalId: principal.uniqueId,
      TargetType: 'AWS_ACCOUNT',
      TargetId: principal.account,
    }),
    layer: 'trust',
  }),
  deleteRootCredentials: (_, { principal }) => ({
    target: rootCredentialsName(principal.account),
    calls: [
      {
        api: 'sts:AssumeRoot',
        params: { TargetPrincipal: principal.account, TaskPolicyArn: 'arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials' },
      },
      { api: 'iam:DeleteAccessKey', params: { AccessKeyId: '(each of root)' } },
      { api: 'iam:DeleteLoginProfile', params: {} },
    ],
    reversible: 'none',
    layer: 'credential',
  }),
  stopFunction: (target) => compute(target, 'lambda:PutFunctionConcurrency', { FunctionName: target, ReservedConcurrentExecutions: '0' }),
  detachInstanceProfile: (target) =>
    compute(target, 'ec2:DisassociateIamInstanceProfile', { InstanceId: target.split('/')[1] ?? '', Region: target.split('/')[0] ?? '' }),
  requireImdsV2: (target) =>
    compute(target, 'ec2:ModifyInstanceMetadataOptions', { InstanceId: target.split('/')[1] ?? '', HttpTokens: 'required' }),
  denyUser: (_, { principal, incidentId }) => {
    const target = inlineDenyName(incidentId);
    return deny(target, 'iam:PutUserPolicy', { UserName: principal.name, PolicyName: target, PolicyDocument: DENY_ALL_DOCUMENT });
  },
  denyRole: (_, { principal, incidentId }) => {
    const target = inlineDenyName(incidentId);
    return deny(target, 'iam:PutRolePolicy', { RoleName: principal.name, PolicyName: target, PolicyDocument: DENY_ALL_DOCUMENT });
  },
  putBoundary: (_, { principal }) => {
    const target = denyAllBoundaryArn(principal);
    return principal.kind === 'role'
      ? deny(target, 'iam:PutRolePermissionsBoundary', { RoleName: principal.name, PermissionsBoundary: target })
      : deny(target, 'iam:PutUserPermissionsBoundary', { UserName: principal.name, PermissionsBoundary: target });
  },
  closeTrust: (given, { principal }) => ({
    ...deny(`${principal.name}#${given.split('#').at(-1) ?? ''}`, 'iam:UpdateAssumeRolePolicy', {
      RoleName: principal.name,
      PolicyDocument: CLOSED_TRUST_DOCUMENT,
    }),
    layer: 'trust',
  }),
  deactivateAccessKey: (target, { principal }) =>
    inactive(target, 'iam:UpdateAccessKey', { UserName: principal.name, AccessKeyId: target }),
  deactivateServiceCredential: (target, { principal }) =>
    inactive(target, 'iam:UpdateServiceSpecificCredential', { UserName: principal.name, ServiceSpecificCredentialId: target }),
  deactivateSshKey: (target, { principal }) =>
    inactive(target, 'iam:UpdateSSHPublicKey', { UserName: principal.name, SSHPublicKeyId: target }),
  deactivateSigningCertificate: (target, { principal }) =>
    inactive(target, 'iam:UpdateSigningCertificate', { UserName: principal.name, CertificateId: target }),
  deleteLoginProfile: (_, { principal }) => ({
    target: loginProfileName(principal),
    calls: [{ api: 'iam:DeleteLoginProfile', params: { UserName: principal.name } }],
    reversible: 'replacement',
    layer: 'credential',
  }),
  // The document holds the moment of writing, so it is no parameter that can be signed in advance.
  revokeSessions: (_, { principal, incidentId }) => {
    const target = revokeSessionsName(incidentId);
    return principal.kind === 'role'
      ? deny(target, 'iam:PutRolePolicy', { RoleName: principal.name, PolicyName: target })
      : deny(target, 'iam:PutUserPolicy', { UserName: principal.name, PolicyName: target });
  },
};

function deny(target: string, api: string, params: Record<string, string>): Row {
  return { target, calls: [{ api, params }], reversible: 'exact', layer: 'deny' };
}

function compute(target: string, api: string, params: Record<string, string>): Row {
  return { target, calls: [{ api, params }], reversible: 'exact', layer: 'compute' };
}

/** The quarantine SCP has one writer; its call is the statement, whichever prepared policy has room for it. */
function scpRow(entry: ScpEntry): Row {
  const statement = JSON.stringify(scpStatementFor(entry));
  return {
    target: scpTargetOf(entry.subject),
    calls: [{ api: 'organizations:UpdatePolicy', params: { Content: `(with one more statement) ${statement}` } }],
    reversible: 'exact',
    layer: 'scp',
  };
}

function inactive(target: string, api: string, params: Record<string, string>): Row {
  return { target, calls: [{ api, params: { ...params, Status: 'Inactive' } }], reversible: 'exact', layer: 'credential' };
}

function partitionOf({ arn }: Pick<Principal, 'arn'>): string {
  return arn.split(':')[1] ?? 'aws';
}
