import type { ContainmentState, ContainmentStatus } from '../../contracts/containment.js';
import type { MeasureName } from '../../contracts/plan.js';
import { QUARANTINE_PREFIX } from '../../contracts/names.js';
import { canonicalJson } from '../canonical-json.js';
import { CLOSED_TRUST_DOCUMENT, REVOKE_SESSIONS_PREFIX } from '../planning/documents.js';
import { denyAllBoundaryArn, denySessionName, quarantinePolicyArn } from '../planning/measure-calls.js';

/** A user or role as the account's authorization details show it. */
export interface Entity {
  readonly kind: 'user' | 'role';
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  readonly uniqueId: string;
  readonly inlinePolicies: readonly string[];
  readonly attachedPolicyArns: readonly string[];
  readonly boundaryArn?: string;
  /** Decoded; roles only. */
  readonly trustPolicy?: string;
}

/** Something on an entity that only a containment puts there. */
export interface Artefact {
  readonly entity: Entity;
  readonly measure: MeasureName;
  readonly target: string;
}

/** Measures that authorization details show; keys and other credentials are not among them. */
const VISIBLE: ReadonlySet<string> = new Set<MeasureName>([
  'attachQuarantinePolicy',
  'denyUser',
  'denyRole',
  'putBoundary',
  'closeTrust',
  'revokeSessions',
]);
/** States that claim that everything in force is there. In all others the containment is at work on it. */
const CLAIMING: ReadonlySet<ContainmentStatus> = new Set<ContainmentStatus>(['proven', 'sessionHold']);

/** Everything on an entity that looks like ours, by name, ARN or document (aws-domain 1.2). */
export function artefactsOf(entity: Entity): Artefact[] {
  const deny = entity.kind === 'user' ? ('denyUser' as const) : ('denyRole' as const);
  const found: [MeasureName, string][] = [
    ...named(entity, QUARANTINE_PREFIX).map((name): [MeasureName, string] => [isOfSession(name) ? 'denySession' : deny, name]),
    ...named(entity, REVOKE_SESSIONS_PREFIX).map((name): [MeasureName, string] => ['revokeSessions', name]),
  ];
  const [policy, boundary] = [quarantinePolicyArn(entity), denyAllBoundaryArn(entity)];
  if (entity.attachedPolicyArns.includes(policy)) found.push(['attachQuarantinePolicy', policy]);
  if (entity.boundaryArn === boundary) found.push(['putBoundary', boundary]);
  if (entity.trustPolicy !== undefined && isClosedTrust(entity.trustPolicy)) found.push(['closeTrust', entity.name]);
  return found.map(([measure, target]) => ({ entity, measure, target }));
}

/** True when this open containment accounts for the artefact: it planned or made it, or has not planned yet. */
export function accountsFor(state: ContainmentState, { entity, measure, target }: Artefact): boolean {
  const { view, plan, results } = state;
  if (view.principal.uniqueId !== entity.uniqueId) return false;
  if (plan === undefined) return true;
  return [...plan.measures, ...plan.recovery, ...results].some(
    (known) => known.measure === measure && (measure === 'closeTrust' || nameOf(state, known) === target),
  );
}

/** What a containment that stands proven or holds sessions says is in force, and the account does not show. */
export function missingOf({ view }: ContainmentState, entities: readonly Entity[]): { measure: string; target: string }[] {
  if (!CLAIMING.has(view.state)) return [];
  const entity = entities.find(({ uniqueId }) => uniqueId === view.principal.uniqueId);
  const there = entity === undefined ? [] : artefactsOf(entity);
  return view.inForce.map(splitKey).filter(({ measure, target }) => VISIBLE.has(measure) && !shows(there, { measure, target }));
}

/** The incident whose id is part of an inline policy's name. */
export function incidentInName(target: string): string | undefined {
  return /^IR(?:Quarantine|RevokeSessions)-(INC-\d{8}-[0-9A-Z]{4,16})(?:-[0-9a-f]{8})?$/.exec(target)?.[1];
}

/** What a measure is called on the account: the deny of one session has a name of its own. */
function nameOf({ incidentId }: ContainmentState, { measure, target }: { measure: MeasureName; target: string }): string {
  return measure === 'denySession' ? denySessionName(incidentId, target) : target;
}

function isOfSession(name: string): boolean {
  return /-[0-9a-f]{8}$/.test(name);
}

function shows(there: readonly Artefact[], { measure, target }: { measure: string; target: string }): boolean {
  return there.some((artefact) => artefact.measure === measure && (measure === 'closeTrust' || artefact.target === target));
}

function named({ inlinePolicies }: Entity, prefix: string): string[] {
  return inlinePolicies.filter((name) => name.startsWith(`${prefix}-`));
}

/** `measure target`, as `inForceOf` makes it. */
function splitKey(key: string): { measure: string; target: string } {
  const at = key.indexOf(' ');
  return { measure: key.slice(0, at), target: key.slice(at + 1) };
}

function isClosedTrust(document: string): boolean {
  try {
    return canonicalJson(JSON.parse(document)) === canonicalJson(JSON.parse(CLOSED_TRUST_DOCUMENT));
  } catch {
    return false;
  }
}
