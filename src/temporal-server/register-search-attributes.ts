import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { SearchAttributeType } from '@temporalio/common';
import { encodeSearchAttributeIndexedValueType, type SearchAttributeKey } from '@temporalio/common/lib/search-attributes.js';

export type SearchAttributeKeys = readonly SearchAttributeKey<SearchAttributeType>[];

/** 1.3 s on Postgres, up to a minute behind the metadata cache (temporal-typescript.md 3). */
const USABLE_WITHIN_MS = 90_000;
const POLL_MS = 50;

/** Names of the keys that the namespace does not have, or has with another type. */
export async function missingSearchAttributes(connection: Connection, namespace: string, keys: SearchAttributeKeys): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return keys.filter((key) => customAttributes?.[key.name] !== encode(key)).map((key) => key.name);
}

/**
 * Registers the keys that are missing and waits until queries may name them. Idempotent.
 * Not on Temporal Cloud, whose operator service is closed: create them there by its own tools.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string, keys: SearchAttributeKeys): Promise<void> {
  const missing = new Set(await missingSearchAttributes(connection, namespace, keys));
  if (missing.size > 0) {
    const searchAttributes = Object.fromEntries(keys.filter((key) => missing.has(key.name)).map((key) => [key.name, encode(key)]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  }
  // One query over all of them: the first ones throw while the metadata is not there yet.
  const query = keys.map((key) => `${key.name} IS NULL`).join(' AND ');
  const until = Date.now() + USABLE_WITHIN_MS;
  for (;;) {
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace, query });
      return;
    } catch (error) {
      if (Date.now() > until) throw new Error('search attributes were registered but are not usable yet', { cause: error });
      await sleep(POLL_MS);
    }
  }
}

function encode(key: SearchAttributeKey<SearchAttributeType>): number {
  const encoded = encodeSearchAttributeIndexedValueType(key.type);
  if (encoded === undefined) throw new Error(`search attribute ${key.name} has no type`);
  return encoded;
}
