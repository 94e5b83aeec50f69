export { realClock, type Clock } from './clock/clock.js';
export { createVirtualClock, type VirtualClock } from './clock/virtual-clock.js';
export type { AttackerAccess } from './attacker-access.js';
export { ATTACKERS, isAttacker, type AttackerKind } from './actors/attackers.js';
export { guardDutyFinding, healthEvent, type Sighting } from './alerts/findings.js';
export type { InnocentCount } from './actors/innocents.js';
export { THEFTS, type Theft } from './actors/thefts.js';
export type { NarratedLine } from './actors/stage.js';
export type { CloudTrailRecord, UserIdentity } from './cloudtrail/record.js';
export type { FaultEffect, FaultMatch, FaultRule, Faults } from './faults/faults.js';
export type { IdentityProviderDesk } from './federation/identity-provider.js';
export type { Handouts, SessionKey } from './handouts.js';
export type { IamStateSnapshot } from './iam/snapshot.js';
export type { OrganizationSnapshot } from './organizations/snapshot.js';
export { createRandom, type Random, type Seconds } from './random/random.js';
export type {
  AcceptedWrite,
  IdentityKey,
  InstanceFacts,
  LedgerEntry,
  OrganizationFacts,
  Range,
  RangeCall,
  RangeIdentities,
  RangeIdentity,
  RangeOptions,
} from './range.js';
export { startRange } from './start-range.js';
export type { RangeRequestHandler } from './wire/request-handler.js';
