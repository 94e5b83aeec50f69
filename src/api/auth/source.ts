import { LOCAL_ISSUER } from '../../contracts/authority.js';
import { isObject } from '../../ingest/json-reader.js';
import { parseJson } from '../../ingest/safe-json.js';
import type { ApiDeps, KnownSource } from '../api-deps.js';
import { Problem, unauthorized } from '../problem.js';
import { checkHmac, type Delivery } from './hmac.js';
import type { Authenticate } from './people.js';
import { createReplayMemory } from './replay-memory.js';
import { may } from './roles.js';

/** Where people and scripts with a token hand in alerts by file: `tourniquet alert send`. */
export const CLI_SOURCE = 'cli';

/** An authenticated delivery. */
export interface Admitted {
  /** Kinds of alert that this source may hand in; undefined = every kind that has a source of its own. */
  readonly accepts: readonly string[] | undefined;
  /** Said by SNS to us: there is no alert in it. */
  readonly notice?: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  /** The delivery came to nothing: the very same may be sent again. */
  readonly release: () => void;
}

/** Lets a delivery of a source in. @throws Problem 401, 403 or 404 with one line. */
export type Admit = (delivery: Delivery & { readonly authorization: string | undefined }) => Promise<Admitted>;

const KEPT: Admitted['release'] = () => undefined;

/** Authenticates deliveries as `callers.yaml` says for each source. */
export function createAdmit(deps: Pick<ApiDeps, 'sources' | 'sns' | 'now'>, authenticate: Authenticate): Admit {
  const memory = createReplayMemory();
  const known = new Map(deps.sources.map((source) => [source.caller.name, source]));

  function byHmac({ caller, secret }: KnownSource, delivery: Delivery): Admitted {
    if (secret === undefined) throw new Problem(500, `source ${caller.name} has no secret here`);
    const key = checkHmac(delivery, { secret, memory, nowMs: deps.now().getTime() });
    return { accepts: caller.accepts, release: () => memory.release(key) };
  }

  async function bySns({ name, accepts, topicArns }: SnsCaller, { body }: Delivery): Promise<Admitted> {
    if (deps.sns === undefined) throw new Problem(500, `source ${name} cannot be checked here`);
    const message = readObject(body);
    const checked = message === undefined ? undefined : await deps.sns.verify(message);
    if (message === undefined || checked === undefined) throw unauthorized('the body: expected a message of SNS', 'SNS');
    if (!checked.valid) throw unauthorized(`the message is not SNS's: ${checked.reason}`, 'SNS');
    if (!topicArns.includes(checked.topicArn)) throw new Problem(403, `TopicArn: is not one of source ${name}`);
    if (checked.type === 'SubscriptionConfirmation') await deps.sns.confirm(message);
    return { accepts, release: KEPT, ...(checked.type === 'Notification' ? {} : { notice: checked.type }) };
  }

  return async (delivery) => {
    const source = known.get(delivery.source);
    if (source === undefined && delivery.source !== CLI_SOURCE) throw new Problem(404, `no source ${delivery.source} in callers.yaml`);
    if (source?.caller.auth === 'hmac') return byHmac(source, delivery);
    if (source?.caller.auth === 'sns') return bySns(source.caller, delivery);
    const caller = await authenticate(delivery.authorization);
    const isIts = caller.issuer === LOCAL_ISSUER && caller.subject === delivery.source;
    if (!may(caller, 'send') || !(isIts || caller.roles.includes('admin')))
      throw new Problem(403, `${caller.subject} may not send as ${delivery.source}: a token of role sender for it is needed`);
    return { accepts: source?.caller.accepts, release: KEPT };
  };
}

type SnsCaller = Extract<KnownSource['caller'], { auth: 'sns' }>;

function readObject(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(body), 'the message');
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON, or not one we read: whatever the reason, it is no message of SNS.
    return undefined;
  }
}
