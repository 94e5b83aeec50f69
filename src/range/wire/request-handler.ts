import { HttpResponse, type HttpRequest } from '@smithy/core/protocols';
import { Readable } from 'node:stream';
import type { WireHandler, WireRequest } from './messages.js';

/** A `requestHandler` for SDK clients in this process: the same bytes as over HTTP, without a socket. */
export interface RangeRequestHandler {
  handle(request: HttpRequest, options?: { readonly abortSignal?: unknown }): Promise<{ response: HttpResponse }>;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  readonly metadata: { readonly handlerProtocol: string };
}

/** Makes the in-process transport. A lost answer surfaces as a broken connection, as from a socket. */
export function createRequestHandler(handle: WireHandler): RangeRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    handle: async (request, { abortSignal: gone } = {}) => {
      const answer = await handle({ ...toWireRequest(request), ...(gone instanceof AbortSignal ? { gone } : {}) });
      if (answer.kind === 'lost') throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
      const { status, headers, body } = answer.response;
      return { response: new HttpResponse({ statusCode: status, headers: { ...headers }, body: Readable.from([Buffer.from(body)]) }) };
    },
  };
}

function toWireRequest(request: HttpRequest): WireRequest {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const query = Object.fromEntries(
    Object.entries(request.query).map(([name, value]) => [name, Array.isArray(value) ? (value[0] ?? '') : (value ?? '')]),
  );
  const host = request.port === undefined ? request.hostname : `${request.hostname}:${request.port}`;
  return { method: request.method, path: request.path, query, headers: { host, ...headers }, body: bytesOf(request.body) };
}

function bytesOf(body: unknown): Uint8Array {
  // A plain view: the SDK's own body object warns when it is read like a string.
  if (body instanceof Uint8Array) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from(typeof body === 'string' ? body : '');
}
