import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import type { Random } from '../random/random.js';
import type { Stamp } from '../facets/facet.js';
import type { Call } from './call.js';
import { arnOfBearer } from './context.js';

/** Where calls come from that state no address: a documentation address (RFC 5737), standing for the responder's network. */
export const DEFAULT_SOURCE_IP = '192.0.2.10';

/** What one request contributes to its call. */
export type CallFacts = {
  readonly account: Account;
  readonly caller: Credential;
  readonly at: number;
  readonly region: string;
  readonly random: Random;
  readonly requestId: string;
  readonly sourceIp: string | undefined;
  readonly userAgent: string | undefined;
};

/** Makes the call object that operations get. */
export function createCall({ sourceIp = DEFAULT_SOURCE_IP, userAgent = 'unknown', ...facts }: CallFacts): Call {
  const { account, caller, at } = facts;
  const writer = caller.accessKeyId;
  let change: Stamp | undefined;
  return {
    ...facts,
    sourceIp,
    userAgent,
    callerArn: arnOfBearer(caller.bearer),
    view: { at, reader: writer },
    change: () => (change ??= account.propagation.change(writer)),
    creation: () => account.propagation.creation(writer),
  };
}
