import { sessionsJudged } from '../../domain/engine/descent.js';
import { isAttacker, type RangeCall, type VirtualClock } from '../../range/index.js';
import type { Claim, Containment } from './containment.js';
import type { RunVerdict } from './result.js';
import type { VirtualStage } from './virtual-stage.js';

/** Calls that succeed whatever is denied (aws-domain 2.4, V3 and V5). */
const ALWAYS_ALLOWED = new Set(['sts:GetCallerIdentity', 'sts:GetSessionToken']);
/** CloudTrail's clock has whole seconds. */
const SECOND_MS = 1000;
const OURS = /:assumed-role\/(Responder|Reader|Orchestrator)\/|:user\/ir\/tourniquet-responder$/;
/** Never to be written on in any run, whatever an attacker does with their names. */
const INNOCENT: ReadonlySet<string> = new Set([
  'dana',
  'admin-olga',
  'break-glass',
  'new-hire',
  'OrganizationAccountAccessRole',
  'tourniquet-responder',
  'Responder',
  'Reader',
  'Orchestrator',
]);

/** Where a run is played: on the virtual clock, or in real time. */
export interface JudgedStage {
  readonly range: VirtualStage['range'];
  readonly clock: Pick<VirtualClock, 'now'>;
}

/** What is claimed of one principal, whoever watches it. */
export type JudgedContainment = Pick<
  Containment,
  'principal' | 'plan' | 'appliedAt' | 'effectiveFromAt' | 'proven' | 'openQuestion' | 'claims' | 'refused'
>;

/** What is claimed of all of them. */
export interface JudgedIncident {
  readonly containments: ReadonlyMap<string, JudgedContainment>;
  readonly left: readonly string[];
  readonly crew: { readonly failures: readonly string[] };
}

/** Holds what was claimed against the range's own ledger and evaluation. */
export function judgeRun(
  stage: JudgedStage,
  {
    incident,
    startAt,
    alertAt,
    falseClaims,
  }: { incident: JudgedIncident; startAt: number; alertAt: number; falseClaims: readonly string[] },
): RunVerdict {
  const { range, clock } = stage;
  const all = [...incident.containments.values()];
  const survivors = range.attackerAccess().filter(({ alive }) => alive);
  const [first] = all;
  const effectiveFrom = first?.effectiveFromAt();
  const seconds = (at: number | undefined): number | undefined => (at === undefined ? undefined : (at - alertAt) / 1000);
  const provenAt =
    all.length > 0 && all.every((one) => one.proven() !== undefined) ? Math.max(...all.map((one) => one.proven()?.at ?? 0)) : undefined;
  return {
    contained: survivors.length === 0,
    survivors: survivors.map(({ credential, principalArn, why }) => `${principalArn} (${credential}): ${why}`),
    falseClaims: [...falseClaims, ...all.flatMap((one) => contradictions(stage, one))],
    wrongTargets: wrongTargets(stage, all),
    successesAfter: effectiveFrom === undefined ? successes(stage, startAt).length : successes(stage, effectiveFrom + SECOND_MS).length,
    ...present('appliedSeconds', seconds(first?.appliedAt())),
    ...present('effectiveSeconds', seconds(effectiveFrom)),
    ...present('provenSeconds', seconds(provenAt)),
    missed: provenAt === undefined ? [] : survivors.map(({ principalArn }) => principalArn),
    principals: all.length,
    proven: all.filter((one) => one.proven() !== undefined).length,
    calls: range.calls().filter(({ callerArn }) => OURS.test(callerArn)).length,
    escalated: all.some((one) => one.plan()?.measures.some(({ measure }) => measure === 'freezeMinting') === true),
    virtualSeconds: (clock.now() - startAt) / 1000,
    notes: [
      ...incident.left,
      ...incident.crew.failures,
      ...all.flatMap((one) => one.refused.map((text) => `${one.principal.name}: ${text}`)),
      ...all.flatMap((one) => (one.proven() === undefined ? [`${one.principal.name} is not proven: ${one.openQuestion()}`] : [])),
    ].slice(0, 40),
  };
}

function present<K extends string>(name: K, value: number | undefined): Partial<Record<K, number>> {
  const row: Partial<Record<K, number>> = {};
  if (value !== undefined) row[name] = value;
  return row;
}

/** A standing or former claim is false when the intruder got through as that principal between effectiveFrom and the claim. */
function contradictions(stage: JudgedStage, containment: JudgedContainment): string[] {
  const { principal, claims } = containment;
  const isOf = subjectOf(containment);
  const held = attackersCalls(stage).filter(({ callerArn }) => isOf(callerArn));
  return claims.flatMap(({ at, effectiveFromMs }) =>
    held
      .filter((call) => Date.parse(call.at) > effectiveFromMs + SECOND_MS && Date.parse(call.at) <= at)
      .map(
        (call) => `${principal.arn} claimed proven from ${new Date(effectiveFromMs).toISOString()}: ${call.api} succeeded at ${call.at}`,
      ),
  );
}

/** A claim is false from the start when something of that principal still works at its moment. */
export function falseAtOnce(
  { range }: Pick<VirtualStage, 'range'>,
  containment: Pick<Containment, 'principal' | 'plan'>,
  claim: Claim,
): string[] {
  const isOf = subjectOf(containment);
  return range
    .attackerAccess()
    .filter(({ alive, principalArn }) => alive && isOf(principalArn))
    .map(
      ({ credential, why }) => `${containment.principal.arn} claimed proven at ${new Date(claim.at).toISOString()}: ${credential} ${why}`,
    );
}

/** Whether an ARN is of what a containment speaks of: the whole principal, or only its sessions that are stopped. */
function subjectOf(containment: Pick<Containment, 'principal' | 'plan'>): (arn: string) => boolean {
  const plan = containment.plan();
  const sessions = plan && sessionsJudged(plan);
  return (arn) => speaksFor(arn, { principal: containment.principal, sessions });
}

/** Successful calls of the intruder, but those that nothing can deny. */
function attackersCalls({ range }: Pick<VirtualStage, 'range'>): RangeCall[] {
  return range.calls().filter(({ allowed, actor = '', api }) => allowed && isAttacker(actor) && !ALWAYS_ALLOWED.has(api));
}

function speaksFor(
  arn: string,
  { principal, sessions }: { principal: Containment['principal']; sessions: readonly string[] | undefined },
): boolean {
  if (arn === principal.arn) return sessions === undefined;
  const [, , , , account = '', rest = ''] = arn.split(':');
  if (account !== principal.account) return false;
  const [kind, name, session] = rest.split('/');
  if (principal.kind === 'root') return rest === 'root';
  if (principal.kind === 'identityCenterUser')
    return kind === 'assumed-role' && session === principal.name && name?.startsWith('AWSReservedSSO_') === true;
  if (principal.kind === 'user') return kind === 'user' && arn.split('/').at(-1) === principal.name;
  return kind === 'assumed-role' && name === principal.name && (sessions === undefined || sessions.includes(session ?? ''));
}

function successes(stage: JudgedStage, fromMs: number): readonly unknown[] {
  return attackersCalls(stage).filter(({ at }) => Date.parse(at) > fromMs);
}

/** Accepted writes of ours that name a user or role outside what the intruder holds or made. */
function wrongTargets(stage: JudgedStage, all: readonly JudgedContainment[]): string[] {
  const inScope = new Set(all.map(({ principal }) => principal.name));
  return stage.range
    .calls()
    .filter(({ allowed, isWrite, callerArn }) => allowed && isWrite && OURS.test(callerArn))
    .flatMap(({ api, params }) => {
      const name = targetOf(params);
      return name !== undefined && (INNOCENT.has(name) || !inScope.has(name)) ? [`${api} ${name}`] : [];
    });
}

function targetOf(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  if ('userName' in params && typeof params.userName === 'string') return params.userName;
  return 'roleName' in params && typeof params.roleName === 'string' ? params.roleName : undefined;
}
