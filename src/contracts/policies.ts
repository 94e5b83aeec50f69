import { z } from 'zod';
import { Alert } from './alert.js';
import { ConsentAction } from './authority.js';
import { Person } from './playbook.js';
import { AccountId, Tier } from './primitives.js';

/** Facts a row of `rails.yaml` `tiers` may ask for; made by `src/domain/planning/tier.ts`. */
export const TierFact = z.enum([
  'criticalityCritical',
  'autoContainDenied',
  'tagsUnknown',
  'publicLongTermKey',
  'legitimateUseLast24h',
  'usageUnknown',
  'highScore',
  'freezesAccount',
  'intruderOnly',
  'descendant',
]);
export type TierFact = z.infer<typeof TierFact>;

/** `rails.yaml`. */
export const Rails = z.strictObject({
  version: z.string(),
  accounts: z.array(AccountId),
  rangeAccounts: z.array(AccountId),
  neverTouch: z.array(z.strictObject({ arn: z.string().min(1), why: z.string().min(1) })),
  tags: z.strictObject({ criticality: z.string(), autoContain: z.string(), owner: z.string() }),
  tiers: z.array(z.strictObject({ tier: Tier, when: z.array(TierFact), why: z.string() })).min(1),
  quorum: z.record(Tier, z.number().int().min(0)),
  guardTroubleQuorum: z.number().int().min(1),
  quorumByAction: z.partialRecord(ConsentAction, z.number().int().min(1)),
  approverTeams: z.array(z.string()).min(1),
  noAnswer: z.array(
    z.strictObject({ id: z.string(), version: z.string(), afterMinutes: z.number().positive(), rangeAfterMinutes: z.number().positive() }),
  ),
  /** Sessions stay revoked at least this long after recovery, outside the range. */
  minimumHoldSeconds: z.number().positive(),
  dryRun: z.boolean(),
});
export type Rails = z.infer<typeof Rails>;

/** Signals that `src/domain/confidence/signals.ts` can see. */
export const SignalId = z.enum([
  'publicExposure',
  'awsQuarantined',
  'attackSequence',
  'credentialExfiltration',
  'torOrMaliciousIp',
  'penTestTool',
  'anomalousBehavior',
  'highSeverity',
  'newCaller',
  'reportedByPerson',
  'secondSource',
  'knownCallersOnly',
  'ownerSaysNotMe',
  'ownerSaysWasMe',
]);
export type SignalId = z.infer<typeof SignalId>;

/** `confidence.yaml`. */
export const Confidence = z
  .strictObject({
    version: z.string(),
    confirmed: z.number(),
    suspected: z.number(),
    signals: z.array(z.strictObject({ id: SignalId, weight: z.number(), reason: z.string() })),
  })
  .refine((c) => c.suspected < c.confirmed, { path: ['suspected'], error: 'must be below `confirmed`' });
export type Confidence = z.infer<typeof Confidence>;

/** `intake.yaml`. */
export const IntakePolicy = z.strictObject({
  version: z.string(),
  /** An alert that comes within so long after an incident closed opens a run that is linked to it. */
  reopenWithinHours: z.number().positive(),
  /** Sources that speak by themselves: silence for longer than this is paged, once they have spoken. */
  heartbeats: z.array(z.strictObject({ source: Alert.shape.source, silentAfterHours: z.number().positive() })),
});
export type IntakePolicy = z.infer<typeof IntakePolicy>;

/** `people.yaml`. */
export const People = z.strictObject({ version: z.string(), people: z.array(Person) });
export type People = z.infer<typeof People>;
