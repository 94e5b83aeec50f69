import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import fastify from 'fastify';
import { type Sending, sendAll } from './send.js';
import type { Delivery } from './storm.js';

/** Nobody polls it: the start alone is measured. */
const NOBODYS_QUEUE = 'bench-baseline';

/** The least that keeps an alert: a bare Fastify that starts a workflow with the body and answers. */
export async function sendToBaseline(client: Client, deliveries: readonly Delivery[]): Promise<Sending> {
  const server = fastify();
  server.post('/', async (request, reply) => {
    await client.workflow.start('baseline', { workflowId: `baseline/${randomUUID()}`, taskQueue: NOBODYS_QUEUE, args: [request.body] });
    return reply.code(202).send({});
  });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    const headers = { 'content-type': 'application/json' };
    return await sendAll(deliveries, { request: ({ body }) => new Request(address, { method: 'POST', headers, body }) });
  } finally {
    await server.close();
  }
}
