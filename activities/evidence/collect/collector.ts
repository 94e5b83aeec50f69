import type { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { GuardDutyClient } from '@aws-sdk/client-guardduty';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { CollectInput, EvidenceFile } from '../../../src/contracts/evidence.js';
import type { Json } from '../../../src/contracts/primitives.js';

/** Read-only clients of the account under investigation. */
export interface EvidenceClients {
  readonly iam: IAMClient;
  readonly cloudTrail: (region: string) => CloudTrailClient;
  readonly logs: (region: string) => CloudWatchLogsClient;
  readonly ec2: (region: string) => EC2Client;
  readonly accessAnalyzer: (region: string) => AccessAnalyzerClient;
  readonly guardDuty: (region: string) => GuardDutyClient;
}

/** Asks CloudTrail's event history for whole records. */
export type GatherRecords = (input: {
  readonly account: string;
  readonly accessKeyIds: readonly string[];
  readonly userNames: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly onPage?: () => void;
}) => Promise<{
  readonly records: readonly unknown[];
  readonly pages: number;
  readonly requestIds: readonly string[];
  readonly regions: readonly string[];
  readonly complete: boolean;
  readonly notes: readonly string[];
}>;

/** What a collector works with. */
export interface CollectTools {
  readonly clients: EvidenceClients;
  /** Regions in use; every regional item is looked for in each. */
  readonly regions: readonly string[];
  readonly gatherRecords: GatherRecords;
  readonly now: () => string;
  /** Called before each request: beats, and throws when the activity is cancelled. */
  readonly onCall: () => void;
  /** Waits, and beats meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
}

/** One file as it was read, before it is stored. */
export type GatheredFile = Pick<
  EvidenceFile,
  'api' | 'params' | 'region' | 'requestIds' | 'startedAt' | 'endedAt' | 'rows' | 'truncated'
> & {
  /** First part of the file's name; odd characters are replaced when it is stored. */
  readonly name: string;
  readonly extension: 'json' | 'csv';
  readonly content: string;
};

/** What a collector found, or why there is nothing to find. */
export type Gathered =
  | { readonly outcome: 'collected'; readonly files: readonly GatheredFile[]; readonly notes: readonly string[] }
  | { readonly outcome: 'absent'; readonly reason: string };

/**
 * Collects one item of S003 appendix B. A refusal that leaves nothing to collect may be thrown as it came: it becomes an
 * absence. Every other failure is Temporal's to repeat.
 */
export type Collector = (input: CollectInput, tools: CollectTools) => Promise<Gathered>;

/** Parameters as they are written into the manifest. */
export type Params = Record<string, Json>;
