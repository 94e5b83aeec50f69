import type { AwsError } from '../aws-error.js';
import { cloudTrailParameters, wholeSecond } from '../cloudtrail/parameters.js';
import type { CloudTrailRecord } from '../cloudtrail/record.js';
import type { Delivery, Recorder } from '../cloudtrail/recorder.js';
import { resourcesOf } from '../cloudtrail/resources.js';
import { userIdentityOf } from '../cloudtrail/user-identity.js';
import type { FaultEffect, FaultSource } from '../faults/faults.js';
import type { Call } from './call.js';
import type { Operation } from './operation.js';
import type { WireService } from './services.js';

/** How a call ended. */
export type Ending = { readonly kind: 'done'; readonly output: object } | { readonly kind: 'refused'; readonly error: AwsError };

/** A call that CloudTrail shall know of. */
export type RecordedCall = {
  readonly call: Call;
  readonly service: WireService;
  readonly name: string;
  readonly operation: Operation;
  readonly input: object;
  readonly ending: Ending;
  readonly host: string;
};

/** AWS marks these as read-only although their answers are credentials; the other credential calls it does not (aws-domain 5.2; Stratus Red Team's GetFederationToken record). */
const READ_ONLY_CREDENTIALS = new Set(['AssumeRole']);

/** Calls whose record names the role beside the request. */
const NAMES_ROLE = new Set(['AssumeRole']);

/**
 * Writes a call's CloudTrail record, unless a fault loses it.
 *
 * @returns the event id; undefined when this account never hears of the call
 */
export function recordCall(
  { call, service, name, operation, input, ending, host }: RecordedCall,
  { recorder, faults }: { recorder: Recorder; faults: FaultSource },
): string | undefined {
  // An outsider's refused call is in his own account's trail only, and so is what he asks about himself.
  const isOutsider = call.caller.bearer.kind === 'outside';
  if (isOutsider && (ending.kind === 'refused' || name === 'GetCallerIdentity')) return undefined;
  if (operation.isDataEvent === true) return undefined;
  const eventID = call.random.uuid();
  const output = ending.kind === 'done' ? ending.output : undefined;
  const own = operation.recordAs?.(input, output, call) ?? {};
  const answer = output === undefined || operation.kind === 'read' ? null : cloudTrailParameters(output);
  const record: CloudTrailRecord = {
    eventVersion: '1.09',
    userIdentity: userIdentityOf(call.account, call.caller),
    eventTime: wholeSecond(call.at),
    eventSource: `${service.name}.amazonaws.com`,
    eventName: name,
    awsRegion: service.onlyRegion ?? call.region,
    sourceIPAddress: call.sourceIp,
    userAgent: call.userAgent,
    ...errorFields(service, ending),
    requestParameters: own.request === undefined ? cloudTrailParameters(input) : own.request,
    responseElements: own.response === undefined || output === undefined ? answer : own.response,
    ...(NAMES_ROLE.has(name) ? roleFields(call, input) : {}),
    ...(isOutsider ? { sharedEventID: call.random.uuid() } : {}),
    requestID: call.requestId,
    eventID,
    readOnly: operation.kind === 'read' || READ_ONLY_CREDENTIALS.has(name),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: call.account.id,
    eventCategory: 'Management',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: host },
  };
  const facts = {
    api: `${service.name}:${name}`,
    accessKeyId: call.caller.accessKeyId,
    callerArn: call.callerArn,
    ...(record.errorCode === undefined ? {} : { errorCode: record.errorCode }),
  };
  const resources = own.resources ?? resourcesOf(name, { input, output });
  recorder.add({ record, resources, at: call.at }, deliveryOf(faults.strike('record', facts)));
  return eventID;
}

function roleFields({ account }: Call, input: object): Pick<CloudTrailRecord, 'resources'> {
  const arn = 'RoleArn' in input && typeof input.RoleArn === 'string' ? input.RoleArn : undefined;
  return arn === undefined ? {} : { resources: [{ accountId: account.id, type: 'AWS::IAM::Role', ARN: arn }] };
}

/** CloudTrail names an error by its shape (`NoSuchEntityException`) where the wire has a shorter code. */
function errorFields(service: WireService, ending: Ending): Pick<CloudTrailRecord, 'errorCode' | 'errorMessage'> {
  if (ending.kind === 'done') return {};
  const { code, message } = ending.error;
  // EC2 is the only one that CloudTrail quotes in its own words (CloudTrail user guide, example records: `Client.UnauthorizedOperation`).
  if (service.errorPrefix !== undefined) return { errorCode: `${service.errorPrefix}${code}`, errorMessage: message };
  const isRefusal = code === service.codec.accessDenied.code;
  return { errorCode: isRefusal ? 'AccessDenied' : (service.errors.get(code)?.shape ?? code), errorMessage: message };
}

function deliveryOf(effects: readonly FaultEffect[]): Delivery {
  for (const effect of effects) {
    if (effect.kind === 'dropRecord') return { kind: 'lost' };
    if (effect.kind === 'deliverLate') return { kind: 'late', seconds: effect.seconds };
  }
  return { kind: 'normal' };
}
