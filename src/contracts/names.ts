/** Workflow type names as Temporal knows them. */
export const WORKFLOW_TYPES = [
  'alertIntake',
  'incidentResponse',
  'containPrincipal',
  'responderGuard',
  'followUp',
  'reconcile',
  'quarantineScp',
] as const;
export type WorkflowType = (typeof WORKFLOW_TYPES)[number];

/** Workflows, reading activities and notifications. */
export const MAIN_TASK_QUEUE = 'tourniquet';
/** Every activity that writes to AWS, and the watch; its own worker, its own identity. */
export const RESPOND_TASK_QUEUE = 'tourniquet-respond';
/** What removes for good and what makes new credentials; its own worker, its own identity. */
export const RESTORE_TASK_QUEUE = 'tourniquet-restore';
/** CloudTrail LookupEvents: 2 requests a second per account and region, so one worker serves it. */
export const LOOKUP_TASK_QUEUE = 'tourniquet-lookup';

/** The one `responderGuard`. */
export const GUARD_WORKFLOW_ID = 'responder-guard';

/** The one writer of a quarantine SCP. */
export function quarantineScpId(policyId: string): string {
  return `quarantineScp/${policyId}`;
}

/** The schedule of `reconcile`, and how often it runs (design 7). */
export const RECONCILE_SCHEDULE_ID = 'reconcile';
export const RECONCILE_EVERY_MINUTES = 5;

/** Every artefact whose name we choose starts so (aws-domain 1.2, 2.2). */
export const QUARANTINE_PREFIX = 'IRQuarantine';
/** A prepared group with the quarantine policy on it: the way in where a user's own quotas are full (aws-domain 1.2). */
export const DENY_GROUP = 'IRQuarantine';
/** Path of the managed quarantine policy, protected by the SCP guard where there is one. */
export const QUARANTINE_POLICY_PATH = '/ir/';
