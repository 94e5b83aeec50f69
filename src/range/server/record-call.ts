import type { AwsError } from '../aws-error.js';
import { cloudTrailParameters, wholeSecond } from '../cloudtrail/parameters.js';
import type { CloudTrailRecord } from '../cloudtrail/record.js';
import type { Delivery, Recorder } from '../cloudtrail/recorder.js';
import { resourcesOf, type EventResource } from '../cloudtrail/resources.js';
import { foreignIdentityOf, userIdentityOf } from '../cloudtrail/user-identity.js';
import type { FaultEffect, FaultSource } from '../faults/faults.js';
import type { Call } from './call.js';
import { accountIdIn } from './context.js';
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
const READ_ONLY_CREDENTIALS = new Set(['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot']);

/** Calls whose record names the role beside the request. */
const NAMES_ROLE = new Set(['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity']);

/** Where records go, and what may happen to them. */
export interface RecordDeps {
  readonly recorderOf: (accountId: string) => Recorder;
  readonly faults: FaultSource;
}

/**
 * Writes a call's CloudTrail record, unless a fault loses it. A successful call on something of another account is written in
 * both, with a common `sharedEventID`; the owner learns little of the caller. A refused one is in the caller's account only.
 *
 * @returns the event id of the caller's record, or else of the owner's; undefined when no account of ours hears of the call
 */
export function recordCall(recorded: RecordedCall, { recorderOf, faults }: RecordDeps): string | undefined {
  const { call, operation, input, ending } = recorded;
  if (operation.isDataEvent === true) return undefined;
  const { account, caller } = call;
  // An outsider's own account is not played.
  const home = caller.bearer.kind === 'outside' ? undefined : account.id;
  const owner = ending.kind === 'done' ? operation.alsoRecordedIn?.(input, call)?.id : undefined;
  const recipients = [...new Set([home, owner])].filter((one) => one !== undefined);
  if (recipients.length === 0) return undefined;
  const eventIds = recipients.map(() => call.random.uuid());
  const shared = home === owner || owner === undefined ? {} : { sharedEventID: call.random.uuid() };
  const { resources, body } = contentsOf(recorded);
  for (const [index, recipientAccountId] of recipients.entries()) {
    const record: CloudTrailRecord = {
      ...body,
      userIdentity: recipientAccountId === home ? userIdentityOf(caller) : foreignIdentityOf(caller.bearer),
      eventID: eventIds[index] ?? '',
      ...shared,
      recipientAccountId,
    };
    const facts = {
      api: `${recorded.service.name}:${recorded.name}`,
      accessKeyId: caller.accessKeyId,
      callerArn: call.callerArn,
      ...(record.errorCode === undefined ? {} : { errorCode: record.errorCode }),
    };
    recorderOf(recipientAccountId).add({ record, resources, at: call.at }, deliveryOf(faults.strike('record', facts)));
  }
  return eventIds[0];
}

/** What all accounts are told alike, and the names it can be looked up by. */
type Contents = {
  readonly body: Omit<CloudTrailRecord, 'userIdentity' | 'eventID' | 'recipientAccountId' | 'sharedEventID'>;
  readonly resources: readonly EventResource[];
};

function contentsOf({ call, service, name, operation, input, ending, host }: RecordedCall): Contents {
  const output = ending.kind === 'done' ? ending.output : undefined;
  const own = operation.recordAs?.(input, output, call) ?? {};
  const answer = output === undefined || operation.kind === 'read' ? null : cloudTrailParameters(output);
  const body = {
    eventVersion: '1.09',
    eventTime: wholeSecond(call.at),
    eventSource: `${service.eventSource ?? service.name}.amazonaws.com`,
    eventName: own.name ?? name,
    awsRegion: service.onlyRegion ?? call.region,
    sourceIPAddress: call.sourceIp,
    userAgent: call.userAgent,
    ...errorFields(service, ending),
    requestParameters: own.request === undefined ? cloudTrailParameters(input) : own.request,
    responseElements: own.response === undefined || output === undefined ? answer : own.response,
    ...(NAMES_ROLE.has(name) ? roleFields(input) : {}),
    requestID: call.requestId,
    readOnly: operation.kind === 'read' || READ_ONLY_CREDENTIALS.has(name),
    eventType: 'AwsApiCall',
    managementEvent: true,
    eventCategory: 'Management',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: host },
  } as const;
  return { body, resources: own.resources ?? resourcesOf(name, { input, output }) };
}

function roleFields(input: object): Pick<CloudTrailRecord, 'resources'> {
  const arn = 'RoleArn' in input && typeof input.RoleArn === 'string' ? input.RoleArn : undefined;
  return arn === undefined ? {} : { resources: [{ accountId: accountIdIn(arn), type: 'AWS::IAM::Role', ARN: arn }] };
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
