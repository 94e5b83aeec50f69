import type { Output } from '../cli/output.js';
import type { RangeOptions } from '../range/index.js';

/** How a drill is run. */
export interface DrillOptions {
  readonly output: Output;
  readonly json: boolean;
  /** Leave server, range and workers running until Ctrl-C. */
  readonly keep: boolean;
  /** False: nobody answers, the clocks run out. */
  readonly cast: boolean;
  /** Subject of `people.yaml` that the user plays at the prompt. */
  readonly interactive: string | undefined;
  readonly mode: 'observe' | 'approve' | 'auto';
  readonly scenario: string;
  readonly seed: number;
  /** Who attacks, how he got in, and how slow AWS is; what is left out is the drill's own. */
  readonly range?: Pick<
    RangeOptions,
    'theft' | 'attacker' | 'attackerMakes' | 'propagationSeconds' | 'cloudTrailDelaySeconds' | 'latencySeconds'
  >;
  /** Ends a drill that does not end by itself. */
  readonly limitSeconds: number;
}
