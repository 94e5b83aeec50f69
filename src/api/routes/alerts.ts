import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type IntakeAnswer, IntakesAnswer, WaitQuery } from '../../contracts/api.js';
import { SourceName } from '../../contracts/callers.js';
import { intakeAnswer } from '../../incidents/intake-answer.js';
import { receiveAlert, type Intake, type ReceiveDeps } from '../../ingest/receive.js';
import { rejectedMessage } from '../../ingest/rejected-message.js';
import { MANUAL_SOURCE } from '../../ingest/sources/manual.js';
import type { ApiDeps } from '../api-deps.js';
import { SIGNATURE_HEADER, TIMESTAMP_HEADER } from '../auth/hmac.js';
import { createAdmit, type Admit, type Admitted } from '../auth/source.js';
import { Problem, problemOf } from '../problem.js';
import { askTemporal, type RouteDeps } from './route-deps.js';
import { answer, jsonSchema, parseInput, withProblems } from './schemas.js';

const Params = z.strictObject({ source: SourceName });

/** `POST /v1/alerts/{source}`: 202 only after Temporal has every alert of the message. */
export function alertRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const admit = createAdmit(deps.api, deps.authenticate);
  // The signature is over the bytes as they came, and SNS says text/plain.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post(
    '/v1/alerts/:source',
    {
      schema: {
        operationId: 'sendAlert',
        summary: 'Hand in a message of a configured source',
        tags: ['alerts'],
        description:
          'Authenticated as callers.yaml says for the source: HMAC headers, a bearer token, or the signature of SNS. A repeat starts nothing.',
        params: jsonSchema(Params),
        querystring: jsonSchema(WaitQuery),
        response: withProblems({ 202: answer('Temporal has every alert of the message.', IntakesAnswer) }, [400, 401, 403, 404, 413, 503]),
      },
    },
    (request, reply) => takeIn({ ...deps, admit }, request, reply),
  );
}

type TakeDeps = RouteDeps & { readonly admit: Admit };

async function takeIn(deps: TakeDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { source } = parseInput(Params, request.params, 'address');
  const { waitSeconds } = parseInput(WaitQuery, request.query, 'query');
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const admitted = await deps.admit({
    source,
    body,
    authorization: request.headers.authorization,
    timestamp: headerOf(request, TIMESTAMP_HEADER),
    signature: headerOf(request, SIGNATURE_HEADER),
  });
  if (admitted.notice !== undefined) return reply.code(200).send({ intakes: [] });
  try {
    const intakes = await receive(deps, { source, body, admitted });
    return await reply.code(202).send(await intakesAnswer(deps.api, intakes, waitSeconds));
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status < 500) throw error;
    admitted.release();
    deps.metrics.alerts.add({ source, outcome: 'unavailable' });
    throw error;
  }
}

interface Taken {
  readonly source: string;
  readonly body: Buffer;
  readonly admitted: Admitted;
}

async function receive({ api, metrics }: TakeDeps, { source, body, admitted }: Taken): Promise<readonly Intake[]> {
  try {
    const text = await readText(api, body);
    const receiving = { ...api.receive, authority: signerFor(admitted.accepts, api.receive.authority) };
    const received = await askTemporal(api, () => receiveAlert(text, receiving)).catch((error: unknown) => {
      if (error instanceof Forged) return keepRejected(api, text, error.message);
      throw error;
    });
    if (!received.accepted) throw new Problem(400, received.reason);
    for (const { duplicate } of received.intakes) metrics.alerts.add({ source, outcome: duplicate ? 'duplicate' : 'accepted' });
    return received.intakes;
  } catch (error) {
    if (error instanceof Problem && error.status === 400) metrics.alerts.add({ source, outcome: 'rejected' });
    throw error;
  }
}

async function readText(api: ApiDeps, body: Buffer): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return keepRejected(api, body.toString('latin1'), 'the message is not UTF-8 text');
  }
}

/** A kind of alert that this sender may not hand in. */
class Forged extends Error {}

/** Signs a sender's own kinds of alert only: what AWS itself says weighs more than what a webhook says. */
function signerFor(accepts: readonly string[] | undefined, authority: ReceiveDeps['authority']): ReceiveDeps['authority'] {
  return {
    signReceipt: (alert) => {
      if (alert.source === MANUAL_SOURCE) throw new Forged('reports by hand come through POST /v1/incidents');
      if (accepts !== undefined && !accepts.includes(alert.source)) throw new Forged(`this source may not send alerts of ${alert.source}`);
      return authority.signReceipt(alert);
    },
  };
}

async function keepRejected(
  { receive: { rejected }, now }: Pick<ApiDeps, 'receive' | 'now'>,
  text: string,
  reason: string,
): Promise<never> {
  await rejected.put(rejectedMessage(text, { reason, at: now() }));
  throw new Problem(400, reason);
}

/** What Temporal has, with the outcome of each where the caller waits for it. */
export async function intakesAnswer(
  { session }: Pick<ApiDeps, 'session'>,
  intakes: readonly Intake[],
  waitSeconds: number,
): Promise<{ intakes: IntakeAnswer[] }> {
  return { intakes: await Promise.all(intakes.map((intake) => intakeAnswer(session, intake, waitSeconds))) };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
