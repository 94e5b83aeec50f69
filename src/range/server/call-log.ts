/** One call that reached the range, accepted or not. */
export type LoggedCall = {
  readonly at: string;
  /** The actor's name, from the header `x-range-actor`; absent for everybody else. */
  readonly actor?: string;
  /** e.g. `iam:GetUser` */
  readonly api: string;
  readonly accessKeyId: string;
  /** Absent, like the account, when nobody could be authenticated. */
  readonly callerArn?: string;
  readonly accountId?: string;
  readonly sourceIdentity?: string;
  readonly allowed: boolean;
  /** The code on the wire. */
  readonly errorCode?: string;
  /** The CloudTrail record's id; absent when nothing was recorded. */
  readonly eventId?: string;
  readonly requestId: string;
  readonly isWrite: boolean;
  readonly params: unknown;
  readonly sourceIp: string;
};

/** Hears of every call as it ends. */
export type CallListener = (call: LoggedCall) => void;

/** Keeps every call and tells listeners. */
export interface CallLog {
  add(call: LoggedCall): void;
  all(): readonly LoggedCall[];
  /** @returns a function that stops listening */
  onCall(listener: CallListener): () => void;
}

/** Makes an empty log. */
export function createCallLog(): CallLog {
  const calls: LoggedCall[] = [];
  const listeners = new Set<CallListener>();
  return {
    add: (call) => {
      calls.push(call);
      for (const listener of listeners) listener(call);
    },
    all: () => calls,
    onCall: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
