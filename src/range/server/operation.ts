import type { Call } from './call.js';

/** What the range must know of a call besides performing it. */
export type Access = {
  /** ARNs the action touches; all must be allowed. */
  readonly resources: readonly string[];
  /** Condition keys of this action, e.g. `iam:PolicyARN`. */
  readonly context?: Readonly<Record<string, string | undefined>>;
};

/** How a call appears in CloudTrail: `read` answers are not recorded; `credentials` are reads by name, yet their answer is. */
export type CallKind = 'read' | 'write' | 'credentials';

/** One API operation with the SDK's input and output types. */
export interface OperationSpec<Input, Output> {
  readonly kind: CallKind;
  /** Absent: the call needs no permission (GetCallerIdentity, GetSessionToken). */
  access?(input: Input, call: Call): Access;
  run(input: Input, call: Call): Output;
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
