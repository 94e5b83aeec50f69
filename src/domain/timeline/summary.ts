import { type LivePrincipal, MADE_BY_INTRUDER, type Timeline, type TimelineEntry, type TimelineSummary } from '../../contracts/timeline.js';
import { withoutPath } from '../principals/arn.js';
import type { Lineage } from '../lineage/investigate.js';
import { distinct } from '../lineage/values.js';

type Files = Pick<TimelineSummary, 'ref' | 'csvRef'>;

/** How much of each list travels through Temporal; the files hold all. */
const CUT = { alive: 20, live: 20, external: 20, resources: 30, attack: 40 } as const;

/** The short form of a timeline for the incident's state. `inScope` are ARNs that are contained already. */
export function summaryOf(
  timeline: Timeline,
  { lineage, inScope, files }: { lineage: Lineage; inScope: ReadonlySet<string>; files: Files },
): TimelineSummary {
  const lane = (name: TimelineEntry['lane']): TimelineEntry[] => timeline.entries.filter((entry) => entry.lane === name);
  const attacker = lane('attacker');
  return {
    ...files,
    attackerEvents: attacker.length,
    holderEvents: lane('holder').length,
    responderEvents: lane('responder').length,
    ...point('firstMalicious', attacker[0]),
    ...point('lastMalicious', attacker.at(-1)),
    credentials: timeline.credentials.length,
    alive: timeline.credentials
      .filter(({ alive }) => alive)
      .map(({ id }) => id)
      .slice(0, CUT.alive),
    live: livePrincipals(timeline, lineage, inScope).slice(0, CUT.live),
    external: distinct([
      ...timeline.principals.filter(({ how }) => how === 'external').map(({ arn }) => arn),
      ...lineage.completeness.notContained,
    ]).slice(0, CUT.external),
    resources: timeline.resources.slice(0, CUT.resources),
    resourceCount: timeline.resources.length,
    attack: timeline.attack
      .map(({ technique, attackVersion, succeeded }) => `${technique} (v${attackVersion})${succeeded ? '' : ' tried'}`)
      .slice(0, CUT.attack),
    completeness: timeline.completeness,
  };
}

function point(name: 'firstMalicious' | 'lastMalicious', entry: TimelineEntry | undefined): Partial<TimelineSummary> {
  if (entry === undefined) return {};
  const { eventId, api, at, sourceIp } = entry;
  return { [name]: { eventId, api, at, sourceIp } };
}

const PRINCIPAL = /^arn:aws[a-z-]*:iam::(\d{12}):(user|role)\/(?!aws-service-role\/|aws-reserved\/)/;

/**
 * Users and roles of ours that the intruder can still act through: made by it and not deleted, opened to the outside,
 * or with a credential of the lineage that is alive.
 */
export function livePrincipals(timeline: Timeline, { alive, containment }: Lineage, inScope: ReadonlySet<string>): LivePrincipal[] {
  const found = new Map<string, LivePrincipal>();
  const contained = new Set([...inScope].map(withoutPath));
  const add = (arn: string, how: string, provedBy: string): void => {
    const [, account, kind] = PRINCIPAL.exec(arn) ?? [];
    if (account === undefined || (kind !== 'user' && kind !== 'role') || contained.has(withoutPath(arn)) || found.has(withoutPath(arn)))
      return;
    if (!timeline.completeness.accounts.includes(account)) return;
    found.set(withoutPath(arn), { account, kind, arn, how, provedBy });
  };
  for (const { arn, how, provedBy } of timeline.principals) {
    const present = timeline.resources.some((row) => row.provedBy === provedBy && row.present);
    if (how === 'created' && present) add(arn, MADE_BY_INTRUDER, provedBy);
  }
  for (const { api, target } of containment) {
    const door = timeline.resources.find((row) => row.arn === target && row.present);
    if (api === 'iam:UpdateAssumeRolePolicy') add(target, 'open to an outside account', door?.provedBy ?? '');
  }
  for (const one of alive) {
    if (one.kind === 'secret' || one.principal === undefined) continue;
    add(one.principal, `${one.kind} ${one.id} is alive`, one.provedBy ?? '');
  }
  return [...found.values()];
}
