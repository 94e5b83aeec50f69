import type { MeasureResult, WriteInput } from '../../../src/contracts/measure.js';
import type { OrganizationConfig } from '../../../src/contracts/organization.js';
import type { MeasureCall, MeasureName } from '../../../src/contracts/plan.js';
import type { Principal } from '../../../src/contracts/principal.js';
import type { QuarantineScps } from '../../../src/ports/quarantine-scps.js';
import type { AwsAccess } from '../aws-access.js';

/** What every measure needs from the writing worker. */
export interface MeasureDeps {
  /** Checks signatures, rails, tier, guard and unique id; throws when the write may not happen. */
  readonly authorize: (input: WriteInput) => Promise<void>;
  readonly access: AwsAccess;
  /** The organization's quarantine SCPs, Identity Center and delegated account; undefined for a standalone account. */
  readonly organization: () => Promise<OrganizationConfig | undefined>;
  readonly scps: QuarantineScps;
  /** ISO-8601 UTC. */
  readonly now: () => string;
}

/** What a read-back showed. */
export interface Verification {
  readonly holds: boolean;
  readonly found: string;
}

/** One measure: `apply` and `undo` are activities, `verify` a plain read. All are idempotent. */
export interface Measure {
  readonly name: MeasureName;
  readonly layer: MeasureCall['layer'];
  readonly reversible: MeasureCall['reversible'];
  apply(input: WriteInput): Promise<MeasureResult>;
  undo(input: WriteInput): Promise<MeasureResult>;
  /** `recorded` = what was written, where that is no constant. */
  verify(subject: { principal: Principal; target: string; incidentId: string; recorded?: MeasureResult }): Promise<Verification>;
}
