import type { ScpChange, ScpOutcome } from '../contracts/quarantine-scp.js';

/** The prepared quarantine SCPs of the organization. Each has one writer, whoever asks (design 7). */
export interface QuarantineScps {
  /**
   * Adds or removes one entry through the policy's writer: adds to the first policy with room, removes from the one given.
   *
   * @throws QuotaExceeded, permanent: no prepared policy has room. Failures of the writer as they are.
   */
  change(change: ScpChange, policyId?: string): Promise<ScpOutcome>;
  /** Content by policy id, as AWS has it now. @throws PermissionDenied, permanent; Throttled, transient. */
  contents(): Promise<ReadonlyMap<string, string>>;
}
