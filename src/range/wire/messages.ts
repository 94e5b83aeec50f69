/** An HTTP request as the range handles it, whatever brought it: a socket or an in-process client. */
export type WireRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Aborts when the caller gives up before the answer. */
  readonly gone?: AbortSignal;
};

/** An HTTP answer, before a socket or an in-process client carries it. */
export type WireResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** What comes back to the caller; `lost` means the call may have been performed and the connection broke. */
export type WireAnswer = { readonly kind: 'answered'; readonly response: WireResponse } | { readonly kind: 'lost' };

/** The one entry of the range, shared by every transport. */
export type WireHandler = (request: WireRequest) => Promise<WireAnswer>;
