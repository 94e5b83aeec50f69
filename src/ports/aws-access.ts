import type { Principal } from '../contracts/principal.js';

/** Which of the three roles a call is made with (design 9). */
export type AwsRole = 'Reader' | 'Responder' | 'Restorer';

/** On whose behalf a call is made, and how far it may reach. The clients themselves are the adapter's: a port names no vendor. */
export interface AccessScope {
  /** Where the role is. For the organization and Identity Center: the hub. */
  readonly account: string;
  readonly role: AwsRole;
  /** Becomes the SourceIdentity in CloudTrail. Without one the call is the intake's. */
  readonly incidentId?: string;
  /** For writes: the one thing that may be touched, by its ARN. Without it nothing of an account can be written. */
  readonly target?: Pick<Principal, 'arn'> & Partial<Pick<Principal, 'kind' | 'name'>>;
  /** The permissions boundary that an undo puts back on the target: the only one that can be set beside AWSDenyAll. */
  readonly boundary?: string;
}
