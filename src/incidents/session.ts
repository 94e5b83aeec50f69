import type { Client, Connection } from '@temporalio/client';

/** A connection to Temporal: of one command, or of the API server. */
export interface Session {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
}
