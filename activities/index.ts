import type { Alert, ExpandedAlarm, IntakeInput, OpenIncidentResult } from '../src/contracts/alert.js';
import type { CheckConsentInput, CheckConsentResult } from '../src/contracts/authority.js';
import type { EradicateInput, EradicationPlan, EradicationResult, ProposeInput } from '../src/contracts/eradication.js';
import type { CollectInput, EvidenceItem, SealInput, SealResult } from '../src/contracts/evidence.js';
import type { GateInput, GateResult } from '../src/contracts/guard.js';
import type { IncidentState, JournalLine } from '../src/contracts/incident.js';
import type { MeasureResult, WriteInput } from '../src/contracts/measure.js';
import type { Notification, NotifyResult } from '../src/contracts/notify.js';
import type { MeasureName, Plan, UndoName } from '../src/contracts/plan.js';
import type { PlaybookPin } from '../src/contracts/playbook.js';
import type { EvidenceRef } from '../src/contracts/primitives.js';
import type { Principal, Resolution } from '../src/contracts/principal.js';
import type { ScpWriteInput, ScpWriteResult } from '../src/contracts/quarantine-scp.js';
import type { ControlFinding, IssuedCredential, IssueInput, PlanRecoveryInput, RecoveryPlan } from '../src/contracts/recovery.js';
import type { ReconcileFinding, ResetResult, StrandedResult, StrandedRun } from '../src/contracts/reconcile.js';
import type { RecordResult } from '../src/contracts/record.js';
import type { IncidentTicket, TicketRef, TicketState, TicketUpdate } from '../src/contracts/ticket.js';
import type { KeepTimelineInput, TimelineInput, TimelineSummary } from '../src/contracts/timeline.js';
import type { ScoreSignalsInput, Verdict } from '../src/contracts/verdict.js';
import type { LookupInput, LookupResult, PlanInput, WatchInput, WatchResult } from '../src/contracts/watch.js';

/** Main task queue: reads, notifications, Temporal. */
export interface MainActivities {
  resolvePrincipal(alert: Alert): Promise<Resolution>;
  /** Judges a call by the rules and its principal's past; the answer is the alert as it then stands. */
  judgeCall(alert: Alert): Promise<Alert>;
  expandAlarm(alert: Alert): Promise<ExpandedAlarm>;
  openIncident(input: IntakeInput & { resolution: Resolution }): Promise<OpenIncidentResult>;
  loadPlaybook(input: { playbookId: string; openedAt: string }): Promise<PlaybookPin>;
  scoreSignals(input: ScoreSignalsInput): Promise<Verdict>;
  planContainment(input: PlanInput): Promise<Plan>;
  askGuard(input: GateInput): Promise<GateResult>;
  reserveContainment(input: GateInput): Promise<GateResult>;
  containmentOwner(input: {
    containmentId: string;
  }): Promise<{ running: boolean; incidentId?: string; ownerWorkflowId?: string; ownerRunning: boolean }>;
  checkConsent(input: CheckConsentInput): Promise<CheckConsentResult>;
  notifyTeam(input: Notification): Promise<NotifyResult>;
  recordBreach(input: Notification): Promise<NotifyResult>;
  archiveJournal(input: { incidentId: string; lines: JournalLine[] }): Promise<void>;
  /** Writes record, report and metrics of an incident as it stands. */
  recordIncident(input: { incidentId: string; state: IncidentState }): Promise<RecordResult>;
  /** The prefilled review document of a follow-up. */
  prepareReview(input: { incidentId: string; followUpId: string }): Promise<EvidenceRef>;
  resolvePrincipalArn(input: { arn: string; session?: string | undefined }): Promise<Resolution>;
  createTicket(input: IncidentTicket): Promise<TicketRef>;
  updateTicket(input: TicketUpdate): Promise<TicketState>;
  attachToTicket(input: { ticket: TicketRef; name: string; mediaType: string; ref: EvidenceRef }): Promise<void>;
  keepTimeline(input: KeepTimelineInput): Promise<EvidenceItem>;
  sealEvidence(input: SealInput): Promise<SealResult>;
  proposeEradication(input: ProposeInput): Promise<EradicationPlan>;
  planRecovery(input: PlanRecoveryInput): Promise<RecoveryPlan>;
  findStranded(): Promise<StrandedResult>;
  resetWorkflow(input: StrandedRun): Promise<ResetResult>;
  findOrphans(): Promise<ReconcileFinding[]>;
  findSilentAlerts(): Promise<ReconcileFinding[]>;
  findSilentSources(): Promise<ReconcileFinding[]>;
  pageFinding(input: { finding: ReconcileFinding; at: string }): Promise<NotifyResult>;
  checkControls(input: { incidentId: string; principal: Principal }): Promise<ControlFinding[]>;
}

/** Restore task queue: what removes for good and what makes new credentials, with an identity of its own. */
export interface RestoreActivities {
  deleteUser(input: EradicateInput): Promise<EradicationResult>;
  deleteRole(input: EradicateInput): Promise<EradicationResult>;
  deletePolicy(input: EradicateInput): Promise<EradicationResult>;
  deleteAccessKey(input: EradicateInput): Promise<EradicationResult>;
  terminateInstance(input: EradicateInput): Promise<EradicationResult>;
  issueCredential(input: IssueInput): Promise<IssuedCredential>;
}

/** Respond task queue: every write to AWS, and the watch. */
export type RespondActivities = MeasureActivities & WatchActivities;

/** Each measure under its own name, and its undo (design 9.2). */
export type MeasureActivities = Record<MeasureName | UndoName, (input: WriteInput) => Promise<MeasureResult>>;

interface WatchActivities {
  watchContainment(input: WatchInput): Promise<WatchResult>;
  /** Changes of one quarantine SCP in one write; asked by its only writer, the workflow `quarantineScp`. */
  writeQuarantineScp(input: ScpWriteInput): Promise<ScpWriteResult>;
}

/** Lookup task queue: CloudTrail. */
export interface LookupActivities {
  lookupPrincipalEvents(input: LookupInput): Promise<LookupResult>;
  buildTimeline(input: TimelineInput): Promise<TimelineSummary>;
  collectEvidence(input: CollectInput): Promise<EvidenceItem>;
}

export type Activities = MainActivities & RespondActivities & RestoreActivities & LookupActivities;
