/** A message that was not accepted as an alert. */
export interface RejectedMessage {
  /** ISO-8601 UTC. */
  readonly receivedAt: string;
  readonly reason: string;
  /** SHA-256 of the whole message. */
  readonly sha256: string;
  readonly bytes: number;
  /** The beginning of the message: untrusted, for people who look into it. */
  readonly excerpt: string;
}

/** Keeps rejected messages with the reason, bounded: the newest win (design 10). */
export interface RejectedStore {
  put(message: RejectedMessage): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<RejectedMessage[]>;
}
