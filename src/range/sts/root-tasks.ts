/** Reading which credentials root has. */
const AUDIT = [
  'iam:ListAccessKeys',
  'iam:ListSigningCertificates',
  'iam:GetLoginProfile',
  'iam:ListMFADevices',
  'iam:GetUser',
  'iam:GetAccessKeyLastUsed',
] as const;

/** Reading them and taking them away. */
const DELETE = [
  'iam:DeleteAccessKey',
  'iam:DeleteSigningCertificate',
  'iam:DeleteLoginProfile',
  'iam:DeactivateMFADevice',
  ...AUDIT,
] as const;

const ONLY_ON_ROOT = 'arn:aws:iam::*:root';

/** What AssumeRoot may be asked for, by ARN of the task policy (IAM user guide, "AWS managed policies", IAMAuditRootUserCredentials and IAMDeleteRootUserCredentials). */
const TASKS: Readonly<Record<string, string>> = {
  'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials': task({ other: ['iam:GetAccountSummary'], onRoot: AUDIT }),
  'arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials': task({ other: [], onRoot: DELETE }),
};

const EVERYTHING = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

/** The session policies of a task: root's own rights less what the task denies; undefined for a task the range does not know. */
export function taskPolicies(arn: string | undefined): readonly string[] | undefined {
  const policy = TASKS[arn ?? ''];
  return policy === undefined ? undefined : [EVERYTHING, policy];
}

function task({ other, onRoot }: { other: readonly string[]; onRoot: readonly string[] }): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'DenyAllOtherActionsOnAnyResource', Effect: 'Deny', NotAction: [...onRoot, ...other], Resource: '*' },
      { Sid: 'DenyOnNonRootUserResource', Effect: 'Deny', Action: onRoot, NotResource: ONLY_ON_ROOT },
    ],
  });
}
