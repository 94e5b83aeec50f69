import type { Recorder } from '../cloudtrail/recorder.js';
import type { FaultSource } from '../faults/faults.js';
import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import type { Random } from '../random/random.js';
import { createCall } from '../server/create-call.js';
import type { Operations } from '../server/operation.js';
import { recordCall } from '../server/record-call.js';
import { serviceNamed } from '../server/services.js';

/** One thing a regular caller does again and again. */
export type Habit = { readonly service: string; readonly name: string; readonly input: object };

/** A regular caller's past. */
export type Past = {
  readonly credential: Credential;
  readonly address: string;
  readonly userAgent: string;
  readonly habits: readonly Habit[];
};

/** What the past is written with. */
export interface HistoryDeps {
  readonly account: Account;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly operations: Readonly<Record<string, Operations>>;
}

const NO_FAULTS: FaultSource = { strike: () => [] };

/** Writes the records of the hours before the range started, so that "the usual address" can be known. All of it is delivered. */
export function writeHistory(
  deps: HistoryDeps,
  { pasts, hours, everyMinutes, now }: { pasts: readonly Past[]; hours: number; everyMinutes: number; now: number },
): void {
  const step = everyMinutes * 60_000;
  // Ends a minute short of now, so its delivery delay is over.
  for (let at = now - hours * 3_600_000; at < now - 60_000; at += step) {
    for (const past of pasts)
      for (const habit of past.habits) writeCall(deps, { past, habit, at: at + Math.floor(deps.random.next() * step * 0.5) });
  }
}

function writeCall(
  { account, recorder, random, operations }: HistoryDeps,
  { past, habit, at }: { past: Past; habit: Habit; at: number },
): void {
  const service = serviceNamed(habit.service);
  const operation = operations[habit.service]?.[habit.name];
  if (service === undefined || operation === undefined) throw new Error(`history: no call ${habit.service}:${habit.name}`);
  const { credential: caller, address: sourceIp, userAgent } = past;
  const call = createCall({ account, caller, at, region: 'us-east-1', random, requestId: random.uuid(), sourceIp, userAgent });
  const output = operation.run(habit.input, call);
  recordCall(
    {
      call,
      service,
      name: habit.name,
      operation,
      input: habit.input,
      ending: { kind: 'done', output },
      host: `${habit.service}.amazonaws.com`,
    },
    { recorderOf: () => recorder, faults: NO_FAULTS },
  );
  caller.lastUse = { at: Math.floor(at / 1000) * 1000, service: service.name, region: 'us-east-1' };
}
