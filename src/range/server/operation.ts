import type { EventResource } from '../cloudtrail/resources.js';
import type { Account } from '../iam/account.js';
import type { ResourceGrant } from '../policy/evaluate.js';
import type { Call } from './call.js';
import type { ContextKeys } from './context.js';

/** What the range must know of a call besides performing it. */
export type Access = {
  /** ARNs the action touches; all must be allowed. */
  readonly resources: readonly string[];
  /** Condition keys of this action, e.g. `iam:PolicyARN`. */
  readonly context?: ContextKeys;
  /** Set when the resource's own policy already lets the caller in. */
  readonly grant?: ResourceGrant | undefined;
  /** Permissions of other actions that the call needs too, e.g. `iam:PassRole`. */
  readonly also?: readonly AlsoNeeded[];
};

/** A permission beside that of the call itself. */
export type AlsoNeeded = {
  readonly action: string;
  readonly resource: string;
  readonly grant?: ResourceGrant | undefined;
  readonly context?: ContextKeys;
};

/** How a call appears in CloudTrail: `read` answers are not recorded; `credentials` are reads by name, yet their answer is. */
export type CallKind = 'read' | 'write' | 'credentials';

/** The parts of a record that do not follow the API's own names; an absent part does. */
export type RecordedAs = {
  /** CloudTrail's own name for the event, where it is not the call's, e.g. a versioned one. */
  readonly name?: string;
  readonly request?: Readonly<Record<string, unknown>> | null;
  readonly response?: Readonly<Record<string, unknown>> | null;
  /** What LookupEvents lists as `Resources`. */
  readonly resources?: readonly EventResource[];
};

/** One API operation with the SDK's input and output types. */
export interface OperationSpec<Input, Output> {
  readonly kind: CallKind;
  /** Data events (S3 objects) are not among the management events that trails and LookupEvents show. */
  readonly isDataEvent?: true;
  /** Absent: the call needs no permission (GetCallerIdentity, GetSessionToken). */
  access?(input: Input, call: Call): Access;
  run(input: Input, call: Call): Output;
  /** What passes before a permitted call is performed, e.g. a long poll. It is performed, and judged again, when this is over; not for a caller who is gone. */
  wait?(input: Input, call: Call, gone: AbortSignal | undefined): Promise<void>;
  /** How CloudTrail writes this call, where it has a form of its own; `output` is undefined for a refused call. */
  recordAs?(input: Input, output: Output | undefined, call: Call): RecordedAs;
  /** Another account whose CloudTrail hears of a successful call too: the owner of what was used. */
  alsoRecordedIn?(input: Input, call: Call): Account | undefined;
  /** What AWS does by itself once the call is done and recorded. */
  followUp?(input: Input, output: Output, call: Call): void;
}

/** An operation as the pipeline holds it, whatever its types. */
export type Operation = OperationSpec<object, object>;

/**
 * Registers an operation.
 *
 * Methods, not function properties, in the interface above: the pipeline hands over what the codec decoded as a plain object,
 * and only method parameters may be narrower than that. It is sound because the codec read the input by the SDK's own schema
 * of this very operation, which the contract test holds up.
 */
export function operation<Input extends object, Output extends object>(spec: OperationSpec<Input, Output>): Operation {
  return spec;
}

/** Operations of one service by name. */
export type Operations = Readonly<Record<string, Operation>>;
