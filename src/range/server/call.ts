import type { View } from '../facets/facet.js';
import type { Stamp } from '../facets/facet.js';
import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import type { Random } from '../random/random.js';

/** One verified call: who, from where, when; handed to every operation. */
export type Call = {
  readonly account: Account;
  readonly caller: Credential;
  readonly callerArn: string;
  readonly at: number;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly random: Random;
  /** What this caller's control-plane reads see. */
  readonly view: View;
  /** The stamp of a change, drawn once per call, so all facets of one call take hold together. */
  change(): Stamp;
  /** The stamp of something new, in force at once. */
  creation(): Stamp;
};
