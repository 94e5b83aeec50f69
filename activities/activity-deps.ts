import type { ReportWriter } from '../src/ports/report-writer.js';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { IAMClient } from '@aws-sdk/client-iam';
import { type STSClient } from '@aws-sdk/client-sts';
import type { WorkflowClient } from '@temporalio/client';
import type { AccessScope } from '../src/ports/aws-access.js';
import type { Authority } from '../src/ports/authority.js';
import type { EventHistory } from '../src/ports/event-history.js';
import type { EvidenceStore } from '../src/ports/evidence-store.js';
import type { Guard } from '../src/ports/guard.js';
import type { Notifier } from '../src/ports/notifier.js';
import type { Policies } from '../src/ports/policies.js';
import type { QuarantineScps } from '../src/ports/quarantine-scps.js';
import type { RecordStore } from '../src/ports/record-store.js';
import type { TicketSystem } from '../src/ports/ticket-system.js';
import type { Vault } from '../src/ports/vault.js';
import type { AwsAccess } from './aws/aws-access.js';
import type { EvidenceClients } from './evidence/collect/collector.js';

/** Clients of one session of the Restorer. */
export interface RestorerClients {
  readonly iam: IAMClient;
  readonly ec2: (region: string) => EC2Client;
  readonly vault: Vault;
}

/** What activities reach the world through; made by the worker. */
export interface ActivityDeps {
  /** Every account we may act in, by role (design 9). */
  readonly access: AwsAccess;
  /** The prepared quarantine SCPs, through their only writers. */
  readonly scps: QuarantineScps;
  /** What removes for good and issues credentials, in one session that may touch one thing. Its IAM calls are tried once. */
  readonly restorer: (scope: AccessScope) => RestorerClients;
  /** What evidence of an account is read with. */
  readonly evidenceClients: (scope: AccessScope) => EvidenceClients;
  /** A client with credentials that were just issued. */
  readonly callerOf: (credentials: { accessKeyId: string; secretAccessKey: string }) => STSClient;
  readonly history: EventHistory;
  readonly policies: Policies;
  readonly authority: Authority;
  readonly guard: Guard;
  readonly workflows: WorkflowClient;
  readonly notifiers: readonly Notifier[];
  readonly tickets: TicketSystem;
  /** Sealed originals. */
  readonly evidence: EvidenceStore;
  /** Redacted copies, timelines and reports. */
  readonly working: EvidenceStore;
  readonly records: RecordStore;
  readonly report: ReportWriter;
  readonly playbookId: string;
  readonly waitsName: string;
  readonly nowMs: () => number;
}
