import type { MeasureName } from '../../../src/contracts/plan.js';
import type { WatchResult } from '../../../src/contracts/watch.js';
import type { EvidenceStore } from '../../../src/ports/evidence-store.js';
import type { AwsAccess } from '../aws-access.js';
import type { Measure } from '../measures/measure.js';

/** What the watch works with; nothing of Temporal, so that it also runs on a virtual clock. */
export interface WatchDeps {
  readonly access: Pick<AwsAccess, 'iam'>;
  readonly measures: Record<MeasureName, Measure>;
  /** Where the state of the account at planning is kept. */
  readonly evidence: Pick<EvidenceStore, 'get'>;
  readonly nowMs: () => number;
}

/** How one watch waits and tells that it lives. */
export interface WatchPace {
  /** Waits; rejects when the watch is cancelled. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly beat: (progress: Progress) => void;
  readonly cancelled: () => boolean;
}

/** What one watch has seen so far; what survives a killed worker. */
export interface Progress {
  rounds: number;
  drifts: WatchResult['drifts'];
  growth: WatchResult['growth'];
  growthNotRead?: string;
  /** Epoch ms of the first of the read-backs that agree; 0 = none yet. */
  agreedSinceMs: number;
}
