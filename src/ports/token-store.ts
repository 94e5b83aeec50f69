import type { Role } from '../contracts/callers.js';

/** A token of this installation, without the token: only its hash is kept. */
export interface TokenRecord {
  /** Short, for lists and for `token revoke`. */
  readonly id: string;
  /** A local person of people.yaml, or for role sender the name of a source. */
  readonly subject: string;
  readonly roles: readonly Role[];
  /** SHA-256 of the token, hexadecimal. */
  readonly sha256: string;
  /** ISO-8601 UTC, as the others. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt?: string | undefined;
}

/** Tokens of people and senders, for installations without an identity provider. */
export interface TokenStore {
  /** Makes a 256-bit random token. It is returned once and cannot be read again. */
  create(token: Pick<TokenRecord, 'subject' | 'roles' | 'createdAt' | 'expiresAt'>): Promise<{ token: string; record: TokenRecord }>;
  /** The record of a token, also of one that is revoked or has expired. */
  find(token: string): Promise<TokenRecord | undefined>;
  list(): Promise<TokenRecord[]>;
  /** False when there is none of that id. */
  revoke(id: string, at: string): Promise<boolean>;
}
