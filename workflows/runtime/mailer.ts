import { isCancellation } from '@temporalio/workflow';
import type { Notification, NotifyResult } from '../../src/contracts/notify.js';
import { markTold, mergeMessages, type Message, notificationOf, teamTitle, toldWithin } from '../../src/domain/engine/notices.js';
import type { Breach } from '../../src/domain/engine/rungs.js';
import { notify } from './activities.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';

/** News of less weight than a message of its own goes only to teams that heard nothing for this long. */
const NEWS_QUIET_MS = 5 * 60_000;

/**
 * Sends what gathered in the outbox: one message per team, and one `recordBreach` per breach, which carries the
 * team's message where there is one (a breach is an event of its own on the timeline).
 */
export function sendMail(incident: Incident): void {
  const { run, state } = incident;
  const messages = mergeMessages([...run.outbox, ...run.breaches.flatMap(({ message }) => (message === undefined ? [] : [message]))]);
  const breaches = run.breaches;
  run.outbox = [];
  run.breaches = [];
  const carried = new Set<string>();
  for (const breach of breaches) {
    const message =
      carried.has(breach.team) || breach.message === undefined ? undefined : messages.find(({ team }) => team === breach.team);
    if (message !== undefined) carried.add(breach.team);
    void send(incident, breachNotification(incident, breach, message), 'recordBreach');
  }
  for (const message of messages.filter(({ team }) => !carried.has(team))) {
    markTold(state, message.team, Date.now());
    void send(incident, notificationOf(state, message, Date.now()), 'notifyTeam');
  }
}

/** News a team should hear when it was not told anything just now; the journal has it either way. */
export function tellNews(incident: Incident, message: Message): void {
  if (toldWithin(incident.state, message.team, { spanMs: NEWS_QUIET_MS, nowMs: Date.now() })) return;
  incident.tell(message);
}

/** Sends one notification and journals who got it. A dead channel never stops an incident: it is said in the journal. */
async function send(incident: Incident, notification: Notification, through: 'notifyTeam' | 'recordBreach'): Promise<void> {
  const team = teamTitle(incident.state, notification.team);
  try {
    const result = await incident.busy(() => deliver(notification, through, team));
    if (result.failed.length > 0) incident.journal(`told ${team} by ${result.channel}; these channels failed: ${result.failed.join(', ')}`);
  } catch (error) {
    if (isCancellation(error)) return;
    incident.journal(`COULD NOT REACH ${team} about "${notification.title}": ${failureText(error)}`);
  }
}

/**
 * Sends one notification and answers who took it.
 *
 * @throws ActivityFailure: every channel of the team failed.
 */
export function deliver(notification: Notification, through: 'notifyTeam' | 'recordBreach', team: string): Promise<NotifyResult> {
  const summary = `${through === 'recordBreach' ? 'BREACH, ' : ''}${notification.kind} to ${team}: ${notification.title}`.slice(0, 200);
  return notify[through].executeWithOptions({ summary }, [notification]);
}

function breachNotification(incident: Incident, breach: Breach, message: Message | undefined): Notification {
  const { team, title } = breach;
  const lines = message === undefined ? [] : [message.title, ...message.lines];
  if (message !== undefined) markTold(incident.state, team, Date.now());
  return notificationOf(incident.state, { team, kind: 'breach', title, lines }, Date.now());
}
