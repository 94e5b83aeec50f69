import type { ReportWriter } from '../src/ports/report-writer.js';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { IAMClient } from '@aws-sdk/client-iam';
import { type STSClient } from '@aws-sdk/client-sts';
import type { WorkflowClient } from '@temporalio/client';
import type { Authority } from '../src/ports/authority.js';
import type { EventHistory } from '../src/ports/event-history.js';
import type { EvidenceStore } from '../src/ports/evidence-store.js';
import type { Guard } from '../src/ports/guard.js';
import type { Notifier } from '../src/ports/notifier.js';
import type { Policies } from '../src/ports/policies.js';
import type { RecordStore } from '../src/ports/record-store.js';
import type { TicketSystem } from '../src/ports/ticket-system.js';
import type { Vault } from '../src/ports/vault.js';
import { type CollectEvidenceDeps } from './evidence/collect-evidence.js';

/** What activities reach the world through; made by the worker. */
export interface ActivityDeps {
  /** Read-only identity. */
  readonly reader: { readonly iam: IAMClient; readonly sts: STSClient };
  /** The identity that contains. */
  readonly responder: { readonly iam: IAMClient; readonly sts: STSClient };
  /** The identity that removes for good and issues credentials. */
  readonly restorer: {
    readonly iam: IAMClient;
    readonly sts: STSClient;
    readonly ec2: (region: string) => EC2Client;
    readonly vault: Vault;
  };
  /** What evidence is read with. */
  readonly evidenceClients: CollectEvidenceDeps['clients'];
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
