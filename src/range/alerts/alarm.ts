import type { Clock } from '../clock/clock.js';
import type { Random, Seconds } from '../random/random.js';
import { guardDutyFinding, healthEvent, type Sighting } from './findings.js';

/** Tells the outside what a real account would tell. */
export interface Alarm {
  /** The first malicious call; later ones change nothing. */
  sighted(sighting: Sighting): void;
  sent(): readonly unknown[];
  /** GuardDuty's finding as it stands after its last delivery; undefined before the first. */
  finding(): ReportedFinding | undefined;
  stop(): void;
}

/** A finding as GuardDuty keeps it: of what, how often seen, and when last. */
export type ReportedFinding = { readonly sighting: Sighting; readonly count: number; readonly updatedAt: number };

/** What an alarm needs. */
export interface AlarmDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly after: Seconds;
  readonly repeatAfter: Seconds;
  /** Whether AWS finds the key in public, as it does with long-term keys of users only. */
  readonly isPublic: boolean;
  readonly onAlert: (message: unknown) => void;
}

/** Sends GuardDuty, and AWS Health for a public key, once each after the first sighting, and each a second time: sources deliver at least once. */
export function createAlarm({ clock, random, after, repeatAfter, isPublic, onAlert }: AlarmDeps): Alarm {
  const sent: unknown[] = [];
  const silence = new AbortController();
  let isRaised = false;
  let finding: ReportedFinding | undefined;

  const send = (message: unknown): void => {
    if (silence.signal.aborted) return;
    sent.push(message);
    onAlert(message);
  };

  const guardDuty = async (sighting: Sighting): Promise<void> => {
    const own = random.fork('guardduty-times');
    for (const [count, delay] of [
      [1, after],
      [2, repeatAfter],
    ] as const) {
      await clock.sleep(own.millisecondsIn(delay), silence.signal);
      if (silence.signal.aborted) return;
      finding = { sighting, count, updatedAt: clock.now() };
      send(guardDutyFinding(sighting, { random, count, now: clock.now() }));
    }
  };

  const health = async (sighting: Sighting): Promise<void> => {
    const own = random.fork('health-times');
    await clock.sleep(own.millisecondsIn(after), silence.signal);
    const event = healthEvent(sighting, { random, now: clock.now() });
    send(event);
    await clock.sleep(own.millisecondsIn(repeatAfter), silence.signal);
    send(structuredClone(event));
  };

  return {
    sighted: (sighting) => {
      if (isRaised) return;
      isRaised = true;
      void Promise.all([guardDuty(sighting), ...(isPublic ? [health(sighting)] : [])]);
    },
    sent: () => sent,
    finding: () => finding,
    stop: () => silence.abort(),
  };
}
