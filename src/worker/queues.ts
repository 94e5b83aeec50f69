import type { LookupActivities, MainActivities, RespondActivities, RestoreActivities } from '../../activities/index.js';
import { MeasureName, UNDO_NAMES, type UndoName } from '../contracts/plan.js';
import { LOOKUP_TASK_QUEUE, MAIN_TASK_QUEUE, RESPOND_TASK_QUEUE, RESTORE_TASK_QUEUE } from '../contracts/names.js';

/** Workers by name; each may run in a process of its own, with its own AWS identity. */
export const QUEUE_NAMES = ['main', 'respond', 'restore', 'lookup'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** Task queue of each worker. */
export const TASK_QUEUES: Record<QueueName, string> = {
  main: MAIN_TASK_QUEUE,
  respond: RESPOND_TASK_QUEUE,
  restore: RESTORE_TASK_QUEUE,
  lookup: LOOKUP_TASK_QUEUE,
};

// Objects, not lists: a name that is missing or too many does not compile.
const MAIN: Record<keyof MainActivities, true> = {
  resolvePrincipal: true,
  judgeCall: true,
  expandAlarm: true,
  openIncident: true,
  loadPlaybook: true,
  scoreSignals: true,
  planContainment: true,
  askGuard: true,
  reserveContainment: true,
  containmentOwner: true,
  checkConsent: true,
  notifyTeam: true,
  recordBreach: true,
  archiveJournal: true,
  recordIncident: true,
  prepareReview: true,
  resolvePrincipalArn: true,
  createTicket: true,
  updateTicket: true,
  attachToTicket: true,
  keepTimeline: true,
  sealEvidence: true,
  proposeEradication: true,
  planRecovery: true,
  checkControls: true,
  findStranded: true,
  resetWorkflow: true,
  findOrphans: true,
  findSilentAlerts: true,
  findSilentSources: true,
  pageFinding: true,
};
const RESPOND: Record<Exclude<keyof RespondActivities, MeasureName | UndoName>, true> = {
  watchContainment: true,
  writeQuarantineScp: true,
};
const RESTORE: Record<keyof RestoreActivities, true> = {
  deleteUser: true,
  deleteRole: true,
  deletePolicy: true,
  deleteAccessKey: true,
  terminateInstance: true,
  issueCredential: true,
};
const LOOKUP: Record<keyof LookupActivities, true> = { lookupPrincipalEvents: true, buildTimeline: true, collectEvidence: true };

/** Activity types that each worker registers: no other worker can run them, so a bug in reading cannot write. */
export const ACTIVITY_TYPES: Record<QueueName, readonly string[]> = {
  main: Object.keys(MAIN),
  respond: [...MeasureName.options, ...Object.values(UNDO_NAMES), ...Object.keys(RESPOND)],
  restore: Object.keys(RESTORE),
  lookup: Object.keys(LOOKUP),
};
