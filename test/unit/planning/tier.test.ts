import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/contracts/alert.js';
import type { BlastRadius } from '../../../src/contracts/plan.js';
import { tierFor } from '../../../src/domain/planning/tier.js';
import type { PrincipalSnapshot } from '../../../src/domain/planning/principal-snapshot.js';
import { anAlert } from '../../fixtures/builders.js';
import { aSnapshot } from '../../fixtures/planning.js';
import { shippedPolicies } from '../../fixtures/policies.js';

const exposed = anAlert({ source: 'aws-health', facts: { ...anAlert().facts, publicExposure: true } });
const severe = anAlert({ facts: { ...anAlert().facts, score: 8 } });
const quiet: BlastRadius = { legitimateUseLast24h: false, callers: [], activeKeys: 1, notRead: [] };
const used: BlastRadius = { ...quiet, legitimateUseLast24h: true };

interface Row {
  readonly name: string;
  readonly alerts: Alert[];
  readonly blastRadius: BlastRadius;
  readonly snapshot?: Partial<PrincipalSnapshot>;
  readonly tier: string;
  readonly quorum: number;
}

const rows: Row[] = [
  { name: 'a public key in use needs nobody', alerts: [exposed], blastRadius: used, tier: 'A0', quorum: 0 },
  {
    name: 'a public key of a critical user needs two',
    alerts: [exposed],
    blastRadius: quiet,
    snapshot: { tags: { 'ir:criticality': 'critical' } },
    tier: 'A2',
    quorum: 2,
  },
  {
    name: 'a public key of a user that forbids automatic containment needs one',
    alerts: [exposed],
    blastRadius: quiet,
    snapshot: { tags: { 'ir:auto-contain': 'deny' } },
    tier: 'A1',
    quorum: 1,
  },
  {
    name: 'unreadable tags need one, even for a public key',
    alerts: [exposed],
    blastRadius: quiet,
    snapshot: { notRead: ['tags (AccessDenied)'] },
    tier: 'A1',
    quorum: 1,
  },
  { name: 'a severe finding on a user in use needs one', alerts: [severe], blastRadius: used, tier: 'A1', quorum: 1 },
  { name: 'a severe finding on an unused user needs nobody', alerts: [severe], blastRadius: quiet, tier: 'A0', quorum: 0 },
  {
    name: 'a severe finding needs one when its use could not be read',
    alerts: [severe],
    blastRadius: { ...quiet, notRead: ['events'] },
    tier: 'A1',
    quorum: 1,
  },
  { name: 'a medium finding needs one', alerts: [anAlert()], blastRadius: quiet, tier: 'A1', quorum: 1 },
  {
    name: "another user's public key proves nothing here",
    alerts: [{ ...exposed, hints: { accessKeyId: 'AKIAOTHEROTHEROTHER1' } }],
    blastRadius: quiet,
    tier: 'A1',
    quorum: 1,
  },
];

describe('the tier of a plan', () => {
  it.each(rows)('$name', async ({ alerts, blastRadius, snapshot, tier, quorum }) => {
    const rails = await shippedPolicies.rails();

    expect(tierFor({ snapshot: aSnapshot(snapshot), blastRadius, alerts, rails })).toMatchObject({ tier, quorum });
  });
});
