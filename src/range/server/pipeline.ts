import { setTimeout as realSleep } from 'node:timers/promises';
import { AwsError } from '../aws-error.js';
import type { Clock } from '../clock/clock.js';
import { createRateLimit, LOOKUPS_PER_SECOND, type RateLimit } from '../cloudtrail/operations.js';
import { cloudTrailParameters } from '../cloudtrail/parameters.js';
import type { FaultEffect, FaultSource } from '../faults/faults.js';
import type { Random } from '../random/random.js';
import type { WireAnswer, WireHandler, WireRequest } from '../wire/messages.js';
import { readSignatureClaim } from '../wire/signature.js';
import { authenticate, sessionRestriction } from './authenticate.js';
import { authorize } from './authorize.js';
import type { CallLog, LoggedCall } from './call-log.js';
import { createCall } from './create-call.js';
import type { Latency } from './latency.js';
import type { Call } from './call.js';
import { accountIdOf } from './context.js';
import { identifyUnsigned } from './identify-unsigned.js';
import type { AlsoNeeded } from './operation.js';
import { parseCall, type ParsedCall } from './parse-call.js';
import { recordCall, type Ending } from './record-call.js';
import { codecFor, serviceNamed, type WireService } from './services.js';
import type { Tenants } from './tenant.js';
import { throttled } from './throttling.js';

/** What answering a call needs. */
export interface PipelineDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: FaultSource;
  readonly log: CallLog;
  readonly latency: Latency;
  readonly tenants: Tenants;
}

/** A call that may be performed: its caller is known and nothing in front of the service refused it. */
type Admitted = {
  readonly call: Call;
  readonly service: WireService;
  readonly parsed: ParsedCall;
  readonly effects: readonly FaultEffect[];
};

/** Answers calls in AWS's order: who calls, what is called, is it too fast, is it allowed, do it, record it. */
export function createPipeline(deps: PipelineDeps): WireHandler {
  const lookups = createRateLimit(LOOKUPS_PER_SECOND);

  return async (request) => {
    await deps.latency.travel({ isActor: request.headers['x-range-actor'] !== undefined });
    const requestId = deps.random.uuid();
    let admitted: Admitted;
    try {
      admitted = await admit(deps, { request, requestId, lookups });
    } catch (thrown) {
      const error = toAwsError(thrown);
      deps.log.add(unadmitted(request, { error, requestId, at: deps.clock.now() }));
      return answered(codecFor(request).writeError(error, requestId));
    }
    if (admitted.parsed.operation.wait !== undefined) {
      admitted = await waitOut(deps, admitted, request.gone);
      if (request.gone?.aborted === true) return { kind: 'lost' };
    }
    const ending = perform(admitted);
    finish(deps, { request, admitted, ending });
    if (admitted.effects.some(({ kind }) => kind === 'loseAnswer')) return { kind: 'lost' };
    const { codec } = admitted.service;
    return answered(
      ending.kind === 'refused'
        ? codec.writeError(ending.error, requestId)
        : codec.writeOutput(admitted.parsed.schema, ending.output, requestId),
    );
  };
}

/** @throws AwsError for everything that is refused before the service itself looks at the call; none of it is recorded */
async function admit(
  deps: PipelineDeps,
  { request, requestId, lookups }: { request: WireRequest; requestId: string; lookups: RateLimit },
): Promise<Admitted> {
  const { tenants, clock, random, faults } = deps;
  const accounts = tenants.accounts();
  const unsigned = readSignatureClaim(request) === undefined ? identifyUnsigned(accounts, request, clock.now()) : undefined;
  const identified = unsigned ?? (await authenticate(accounts, request, clock.now()));
  const { account, credential, region, service: serviceName } = identified;
  const service = serviceNamed(serviceName);
  if (service === undefined) throw new AwsError('InvalidAction', `The range does not play the service ${serviceName}.`);
  const parsed = parseCall(service, { request, operations: tenants.of(account.id).operations[service.name] ?? {} });

  const newCall = (): Call =>
    createCall({
      account,
      caller: credential,
      at: clock.now(),
      region,
      random,
      requestId,
      sourceIp: request.headers['x-range-source-ip'],
      userAgent: request.headers['user-agent'],
    });
  const effects = faults.strike('call', {
    api: `${service.name}:${parsed.name}`,
    accessKeyId: credential.accessKeyId,
    callerArn: newCall().callerArn,
  });
  for (const effect of effects) if (effect.kind === 'delay') await realSleep(effect.ms);

  if (effects.some(({ kind }) => kind === 'throttle')) throw throttled(service.name);
  if (service.name === 'cloudtrail' && parsed.name === 'LookupEvents') lookups.take(`${account.id}/${region}`, clock.now());
  const restriction = sessionRestriction(credential, { service: service.name, operation: parsed.name });
  if (restriction?.code === 'InvalidClientTokenId') throw restriction;
  return { call: newCall(), service, parsed, effects };
}

/** Lets a call wait that would be performed, and gives it the time that it is then. A refused one is answered at once. */
async function waitOut({ clock }: PipelineDeps, admitted: Admitted, gone: AbortSignal | undefined): Promise<Admitted> {
  const { call, parsed } = admitted;
  try {
    permit(admitted);
    await parsed.operation.wait?.(parsed.input, call, gone);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return admitted;
  }
  const at = clock.now();
  return { ...admitted, call: { ...call, at, view: { at, reader: call.caller.accessKeyId } } };
}

/** Authorizes and runs a call. Synchronous, so no other call comes in between. */
function perform(admitted: Admitted): Ending {
  const { call, parsed } = admitted;
  try {
    permit(admitted);
    return { kind: 'done', output: parsed.operation.run(parsed.input, call) };
  } catch (error) {
    return { kind: 'refused', error: toAwsError(error) };
  }
}

/** @throws AwsError for a call that the service refuses */
function permit({ call, service, parsed, effects }: Admitted): void {
  for (const effect of effects)
    if (effect.kind === 'error') throw new AwsError(effect.code, effect.message ?? `Injected ${effect.code}.`, effect.status);
  const restriction = sessionRestriction(call.caller, { service: service.name, operation: parsed.name });
  if (restriction !== undefined) throw restriction;
  if (parsed.invalid !== undefined) throw parsed.invalid;
  const access = parsed.operation.access?.(parsed.input, call);
  const action = `${service.name}:${parsed.name}`;
  const needed: AlsoNeeded[] = (access?.resources ?? []).map((resource) => ({
    action,
    resource,
    grant: access?.grant,
    context: access?.context ?? {},
  }));
  for (const { context: own = {}, ...one } of [...needed, ...(access?.also ?? [])]) {
    const question = { credential: call.caller, ...one, at: call.at, sourceIp: call.sourceIp, region: call.region, own };
    authorize(call.account, question, service.codec.accessDenied);
  }
}

/** Everything a call leaves behind: its record, the key's last use, the log. */
function finish(deps: PipelineDeps, { request, admitted, ending }: { request: WireRequest; admitted: Admitted; ending: Ending }): void {
  const { call, service, parsed } = admitted;
  const { name, input, operation } = parsed;
  const eventId = recordCall(
    { call, service, name, operation, input, ending, host: request.headers['host'] ?? '' },
    {
      recorderOf: (accountId) => deps.tenants.of(accountId).recorder,
      faults: deps.faults,
    },
  );
  if (ending.kind === 'done') operation.followUp?.(input, ending.output, call);
  call.caller.lastUse = { at: Math.floor(call.at / 1000) * 1000, service: service.name, region: service.onlyRegion ?? call.region };
  deps.log.add({
    ...logged(request, { requestId: call.requestId, at: call.at }),
    api: `${service.name}:${name}`,
    accessKeyId: call.caller.accessKeyId,
    callerArn: call.callerArn,
    accountId: accountIdOf(call.caller.bearer),
    ...(call.caller.session?.sourceIdentity === undefined ? {} : { sourceIdentity: call.caller.session.sourceIdentity }),
    allowed: ending.kind === 'done',
    ...(ending.kind === 'refused' ? { errorCode: ending.error.code } : {}),
    ...(eventId === undefined ? {} : { eventId }),
    isWrite: operation.kind === 'write',
    params: cloudTrailParameters(input),
    sourceIp: call.sourceIp,
  });
}

function unadmitted(request: WireRequest, { error, ...facts }: { error: AwsError; requestId: string; at: number }): LoggedCall {
  const claim = readSignatureClaim(request);
  return {
    ...logged(request, facts),
    api: `${claim?.service ?? 'unknown'}:${codecFor(request).operationName(request) ?? 'unknown'}`,
    accessKeyId: claim?.accessKeyId ?? '',
    allowed: false,
    errorCode: error.code,
    isWrite: false,
    params: null,
    sourceIp: request.headers['x-range-source-ip'] ?? '',
  };
}

function logged(
  { headers }: WireRequest,
  { requestId, at }: { requestId: string; at: number },
): Pick<LoggedCall, 'at' | 'requestId' | 'actor'> {
  const actor = headers['x-range-actor'];
  return { at: new Date(at).toISOString(), requestId, ...(actor === undefined ? {} : { actor }) };
}

function answered(response: Extract<WireAnswer, { kind: 'answered' }>['response']): WireAnswer {
  return { kind: 'answered', response };
}

/** A bug of the range answers as AWS's own: an error in the protocol, never a page. */
function toAwsError(error: unknown): AwsError {
  return error instanceof AwsError ? error : new AwsError('InternalFailure', `range: ${String(error)}`, 500);
}
