import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnection } from '@temporalio/worker';

/** Where Temporal is. `address` overrides the environment and the TOML profile. */
export interface TemporalTarget {
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  readonly identity: string;
}

/** Milliseconds until an unreachable Temporal is reported, not waited for. */
const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_WITHIN_MS = 2_000;

/**
 * The one data converter of clients, workers and replay, failure converter included. Identity for now: an encrypting
 * codec and encoded failure attributes take their place here (design 14.6).
 */
export const dataConverter: DataConverter = {};

/** Connects a client with our converters. The caller closes `client.connection`. */
export async function connectClient(target: TemporalTarget): Promise<{ client: Client; connection: Connection; namespace: string }> {
  const { connectionOptions, namespace } = settings(target);
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: CONNECT_TIMEOUT_MS });
  return { client: new Client({ connection, namespace, identity: target.identity, dataConverter }), connection, namespace };
}

/**
 * A client that connects when it is first used, and again after Temporal was away: for a server that must start, and tell the
 * truth, while Temporal is down. The caller closes `client.connection`.
 */
export function lazyClient(target: TemporalTarget): { client: Client; connection: Connection; namespace: string } {
  const { connectionOptions, namespace } = settings(target);
  // gRPC waits up to two minutes before it tries again: senders that were told to retry would meet 503 long after Temporal is back.
  const channelArgs = { 'grpc.initial_reconnect_backoff_ms': 500, 'grpc.max_reconnect_backoff_ms': RECONNECT_WITHIN_MS };
  // No retries here: the caller is told to come again, and none is under way when the connection is closed.
  const connection = Connection.lazy({ ...connectionOptions, connectTimeout: CONNECT_TIMEOUT_MS, channelArgs, interceptors: [] });
  return { client: new Client({ connection, namespace, identity: target.identity, dataConverter }), connection, namespace };
}

/** Connects for workers. The caller closes it. */
export async function connectNative(target: TemporalTarget): Promise<{ connection: NativeConnection; namespace: string }> {
  // Loaded on demand: commands that only talk to Temporal should not wait for the native worker.
  const { NativeConnection } = await import('@temporalio/worker');
  const { connectionOptions, namespace } = settings(target);
  return { connection: await NativeConnection.connect(connectionOptions), namespace };
}

/** The address in force, for messages. */
export function temporalAddress(target: TemporalTarget): string {
  return settings(target).connectionOptions.address ?? 'localhost:7233';
}

function settings(target: TemporalTarget): { connectionOptions: ClientConnectConfig['connectionOptions']; namespace: string } {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return {
    connectionOptions: target.address === undefined ? connectionOptions : { ...connectionOptions, address: target.address },
    namespace: target.namespace ?? namespace ?? 'default',
  };
}
