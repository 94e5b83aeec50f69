import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { WireHandler, WireRequest } from './messages.js';

/** A listening range. */
export interface HttpEndpoint {
  /** e.g. `http://127.0.0.1:40123` */
  readonly url: string;
  close(): Promise<void>;
}

/** What the HTTP server serves. */
export interface HttpServerDeps {
  readonly handle: WireHandler;
  /** Answers to plain GETs outside AWS's protocol, by path; nobody signs these. */
  readonly pages: Readonly<Record<string, () => unknown>>;
}

/** Serves the range on 127.0.0.1 only: it is a simulation with known secrets, not for a network. */
export async function listen(port: number, deps: HttpServerDeps): Promise<HttpEndpoint> {
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, deps).catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the range has no TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse, { handle, pages }: HttpServerDeps): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const request = { ...(await toWireRequest(incoming)), gone: gone.signal };
  const page = request.method === 'GET' ? pages[request.path] : undefined;
  if (page !== undefined) {
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page()));
    return;
  }
  const answer = await handle(request);
  if (answer.kind === 'lost') {
    outgoing.destroy();
    return;
  }
  const { status, headers, body } = answer.response;
  outgoing.writeHead(status, headers).end(body);
}

async function toWireRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const url = new URL(incoming.url ?? '/', 'http://range');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    body: await buffer(incoming),
  };
}
