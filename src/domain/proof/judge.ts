import type { Waits } from '../../contracts/playbook.js';
import type { Configuration, LookupResult } from '../../contracts/watch.js';
import { type CloudTrailRecord, eventMs, isDenied, isSuccess } from '../cloudtrail/record.js';

/** CloudTrail keeps whole seconds: an event stamped T may have happened up to a second later. */
const RECORD_SECOND_MS = 1000;

/** Everything the claim may rest on. Times are epoch ms. */
export interface ProofInput {
  /** Records of the principal from just before the first deny on, each once. */
  readonly records: readonly CloudTrailRecord[];
  readonly firstDenyMs: number;
  /** effectiveFrom as known before; it only ever moves later. */
  readonly effectiveFromMs: number;
  readonly coveredUntilMs: number;
  readonly nowMs: number;
  readonly complete: boolean;
  readonly configuration: Configuration;
  readonly waits: Pick<Waits, 'quietWindowSeconds' | 'deliveryDelaySeconds'>;
  readonly regions: readonly string[];
}

export type Judgement = Pick<LookupResult, 'lastSuccess' | 'effectiveFromAt' | 'denied' | 'firstDenied' | 'proof'>;

/**
 * Decides *proven*, *quiet* or *applied* (design 9.3): proven needs a positive sign and a success-free
 * quiet window that CloudTrail has fully delivered. In doubt it says less.
 */
export function judgeProof(input: ProofInput): Judgement {
  const successes = input.records.filter((record) => isSuccess(record) && eventMs(record) + RECORD_SECOND_MS > input.firstDenyMs);
  const last = successes.toSorted((a, b) => eventMs(b) - eventMs(a))[0];
  const lastMs = last === undefined ? 0 : eventMs(last) + RECORD_SECOND_MS;
  const effectiveFromMs = Math.max(input.effectiveFromMs, input.firstDenyMs, lastMs);
  const denied = input.records
    .filter((record) => isDenied(record) && eventMs(record) >= effectiveFromMs)
    .toSorted((a, b) => eventMs(a) - eventMs(b));
  const quietMs = input.waits.quietWindowSeconds * 1000;
  const quiet = input.complete && input.coveredUntilMs - effectiveFromMs >= quietMs;
  const signs = positiveSigns(denied, input.configuration);
  const wantsMs = effectiveFromMs + quietMs + input.waits.deliveryDelaySeconds * 1000 - input.nowMs;
  const proven = quiet && signs.length > 0 && input.configuration.confirmed;
  const window = `no successful call from ${iso(effectiveFromMs)} to ${iso(input.coveredUntilMs)} (quiet window ${input.waits.quietWindowSeconds} s)`;

  return {
    ...(last === undefined
      ? {}
      : {
          lastSuccess: {
            eventId: last.eventID,
            eventName: last.eventName,
            eventAt: iso(eventMs(last)),
            accessKeyId: last.userIdentity.accessKeyId ?? 'unknown',
          },
        }),
    effectiveFromAt: iso(effectiveFromMs),
    denied: denied.length,
    ...(denied[0] === undefined
      ? {}
      : { firstDenied: { eventId: denied[0].eventID, eventName: denied[0].eventName, eventAt: iso(eventMs(denied[0])) } }),
    proof: {
      state: proven ? 'proven' : quiet ? 'quiet' : 'applied',
      provenBy: proven ? [...signs, window] : [],
      limits: limitsOf(input, { quiet, signs: signs.length }),
      wantsSeconds: Math.max(0, wantsMs / 1000),
    },
  };
}

function positiveSigns(denied: readonly CloudTrailRecord[], configuration: Configuration): string[] {
  const signs: string[] = [];
  const first = denied[0];
  if (first)
    signs.push(`AccessDenied for ${first.eventName} at ${first.eventTime} (event ${first.eventID}), ${denied.length} refused in all`);
  if (configuration.simulation === 'explicitDeny' && configuration.keysInactive)
    signs.push('explicit deny in simulation and every access key Inactive');
  return signs;
}

function limitsOf(input: ProofInput, found: { quiet: boolean; signs: number }): string[] {
  const limits = [`management events, region ${input.regions.join(', ')}, until ${iso(input.coveredUntilMs)}`];
  if (!input.complete) limits.push('CloudTrail could not be read to its end: more pages than LookupEvents gives in time');
  if (found.quiet && found.signs === 0)
    limits.push('no positive sign: no refused call seen and the simulation did not answer with an explicit deny');
  if (!input.configuration.confirmed) limits.push('the measures were not read back as written twice');
  return [...limits, ...input.configuration.notes];
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
