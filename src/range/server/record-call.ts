import type { AwsError } from '../aws-error.js';
import { cloudTrailParameters } from '../cloudtrail/parameters.js';
import type { CloudTrailRecord } from '../cloudtrail/record.js';
import type { Delivery, Recorder } from '../cloudtrail/recorder.js';
import { resourcesOf } from '../cloudtrail/resources.js';
import { userIdentityOf } from '../cloudtrail/user-identity.js';
import type { FaultEffect, FaultSource } from '../faults/faults.js';
import type { Call } from './call.js';
import type { CallKind } from './operation.js';
import type { WireService } from './services.js';

/** How a call ended. */
export type Ending = { readonly kind: 'done'; readonly output: object } | { readonly kind: 'refused'; readonly error: AwsError };

/** A call that CloudTrail shall know of. */
export type RecordedCall = {
  readonly call: Call;
  readonly service: WireService;
  readonly name: string;
  readonly kind: CallKind;
  readonly input: object;
  readonly ending: Ending;
  readonly host: string;
};

/** AWS marks these as read-only although their answers are credentials; the other credential calls it does not (aws-domain 5.2; Stratus Red Team's GetFederationToken record). */
const READ_ONLY_CREDENTIALS = new Set(['AssumeRole']);

/** Writes a call's CloudTrail record, unless a fault loses it. @returns the event id */
export function recordCall(
  { call, service, name, kind, input, ending, host }: RecordedCall,
  { recorder, faults }: { recorder: Recorder; faults: FaultSource },
): string {
  const eventID = call.random.uuid();
  const record: CloudTrailRecord = {
    eventVersion: '1.09',
    userIdentity: userIdentityOf(call.account, call.caller),
    eventTime: new Date(Math.floor(call.at / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    eventSource: `${service.name}.amazonaws.com`,
    eventName: name,
    awsRegion: service.onlyRegion ?? call.region,
    sourceIPAddress: call.sourceIp,
    userAgent: call.userAgent,
    ...errorFields(service, ending),
    requestParameters: cloudTrailParameters(input),
    responseElements: ending.kind === 'done' && kind !== 'read' ? cloudTrailParameters(ending.output) : null,
    requestID: call.requestId,
    eventID,
    readOnly: kind === 'read' || READ_ONLY_CREDENTIALS.has(name),
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
  const resources = resourcesOf(name, { input, output: ending.kind === 'done' ? ending.output : undefined });
  recorder.add({ record, resources, at: call.at }, deliveryOf(faults.strike('record', facts)));
  return eventID;
}

/** CloudTrail names an error by its shape (`NoSuchEntityException`) where the wire has a shorter code. */
function errorFields(service: WireService, ending: Ending): Pick<CloudTrailRecord, 'errorCode' | 'errorMessage'> {
  if (ending.kind === 'done') return {};
  const { code, message } = ending.error;
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
