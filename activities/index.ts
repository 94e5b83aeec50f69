import type { Alert, IntakeInput } from '../src/contracts/alert.js';
import type { CheckConsentInput, CheckConsentResult } from '../src/contracts/authority.js';
import type { GateInput, GateResult } from '../src/contracts/guard.js';
import type { JournalLine } from '../src/contracts/incident.js';
import type { MeasureResult, WriteInput } from '../src/contracts/measure.js';
import type { Notification, NotifyResult } from '../src/contracts/notify.js';
import type { Plan } from '../src/contracts/plan.js';
import type { PlaybookPin } from '../src/contracts/playbook.js';
import type { Resolution } from '../src/contracts/principal.js';
import type { ScoreSignalsInput, Verdict } from '../src/contracts/verdict.js';
import type { LookupInput, LookupResult, PlanInput, WatchInput, WatchResult } from '../src/contracts/watch.js';

/** Main task queue: reads, notifications, Temporal. */
export interface MainActivities {
  resolvePrincipal(alert: Alert): Promise<Resolution>;
  openIncident(input: IntakeInput & { resolution: Resolution }): Promise<{ workflowId: string; incidentId: string; opened: boolean }>;
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
  recordIncident(input: { incidentId: string; record: unknown }): Promise<void>;
}

/** Respond task queue: every write to AWS, and the watch. */
export interface RespondActivities {
  attachQuarantinePolicy(input: WriteInput): Promise<MeasureResult>;
  undoAttachQuarantinePolicy(input: WriteInput): Promise<MeasureResult>;
  denyUser(input: WriteInput): Promise<MeasureResult>;
  undoDenyUser(input: WriteInput): Promise<MeasureResult>;
  putBoundary(input: WriteInput): Promise<MeasureResult>;
  undoPutBoundary(input: WriteInput): Promise<MeasureResult>;
  deactivateAccessKey(input: WriteInput): Promise<MeasureResult>;
  undoDeactivateAccessKey(input: WriteInput): Promise<MeasureResult>;
  watchContainment(input: WatchInput): Promise<WatchResult>;
}

/** Lookup task queue: CloudTrail. */
export interface LookupActivities {
  lookupPrincipalEvents(input: LookupInput): Promise<LookupResult>;
}

export type Activities = MainActivities & RespondActivities & LookupActivities;
