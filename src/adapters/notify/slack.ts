import { permanent, transient } from '../../contracts/failures.js';
import type { Notification } from '../../contracts/notify.js';
import { plainText, withoutLinks } from '../../domain/engine/plain-text.js';
import type { Notifier } from '../../ports/notifier.js';

export interface SlackOptions {
  /** The incoming webhook: a secret, never in a message or an error. */
  readonly webhookUrl: string;
  readonly nowMs?: () => number;
  /** Bound of one post. */
  readonly requestMs?: number;
}

/** A page that Slack has not taken by then goes through the next channel. */
const REQUEST_MS = 5_000;
/** Slack's bounds: 150 characters in a header, 3,000 in a section, 50 blocks (docs.slack.dev, "Block Kit reference"). */
const HEADER_LIMIT = 150;
const SECTION_LIMIT = 2_900;
const LINE_LIMIT = 500;
const MOST_LINES = 40;
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * Posts to a Slack incoming webhook. A webhook cannot recognise a repeat, so each message ends in its notification id.
 * Everything foreign stands in plain-text blocks: no mentions, no links, no markup. While Slack asks to stay away it is
 * not called, so that messages fall through at once.
 *
 * @throws Throttled, transient: 429, with Slack's Retry-After.
 * @throws UpstreamUnavailable, transient: 5xx, no answer in time, connection lost.
 * @throws PermissionDenied, permanent: the webhook is revoked, unknown, or its channel archived; or a redirect.
 */
export function createSlackNotifier({ webhookUrl, nowMs = Date.now, requestMs = REQUEST_MS }: SlackOptions): Notifier {
  let notBeforeMs = 0;
  return {
    channel: 'slack',
    async send(notification, team) {
      const leftMs = notBeforeMs - nowMs();
      if (leftMs > 0) throw transient('Throttled', 'Slack asked to wait', { retryAfterMs: leftMs });
      const answer = await post(webhookUrl, slackMessage(notification, team.title), requestMs);
      if (answer.status === 429) {
        const retryAfterMs = retryAfter(answer.retryAfter);
        notBeforeMs = nowMs() + retryAfterMs;
        throw transient('Throttled', 'Slack: HTTP 429', { retryAfterMs });
      }
      if (answer.status >= 500) throw transient('UpstreamUnavailable', `Slack: HTTP ${answer.status}`);
      if (answer.status !== 200) throw permanent('PermissionDenied', `Slack: HTTP ${answer.status}; check the webhook and its channel`);
      return { people: team.contacts };
    },
  };
}

/** The message as Slack's blocks; `text` is what phones show. */
export function slackMessage({ kind, incidentId, title, lines, notificationId }: Notification, team: string): object {
  const shown = lines.slice(0, MOST_LINES).map((one) => slackText(one, LINE_LIMIT));
  const more = lines.length > MOST_LINES ? [`and ${lines.length - MOST_LINES} more lines`] : [];
  const head = `[${kind}] ${incidentId} → ${team}: ${title}`;
  return {
    text: slackText(head, LINE_LIMIT),
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', emoji: false, text: slackText(head, HEADER_LIMIT) } },
      ...sections([...shown, ...more]).map((text) => ({ type: 'section', text: { type: 'plain_text', emoji: false, text } })),
      { type: 'context', elements: [{ type: 'plain_text', emoji: false, text: slackText(notificationId, HEADER_LIMIT) }] },
    ],
  };
}

/**
 * The one encoder for Slack: one line, the three characters that Slack gives a meaning (docs.slack.dev, "Formatting
 * message text", "Escaping text") as entities, no address that becomes a link. Bounded after encoding.
 */
export function slackText(value: string, limit: number): string {
  for (let take = limit; ; take = Math.floor(take * 0.7)) {
    const clean = withoutLinks(plainText(value, take));
    const encoded = clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    if (encoded.length <= limit) return encoded;
  }
}

function sections(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (const line of lines.filter((one) => one !== '')) {
    const last = result.at(-1);
    if (last !== undefined && last.length + line.length < SECTION_LIMIT) result[result.length - 1] = `${last}\n${line}`;
    else result.push(line);
  }
  return result;
}

async function post(url: string, message: object, requestMs: number): Promise<{ status: number; retryAfter: string | null }> {
  const signal = AbortSignal.timeout(requestMs);
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message), redirect: 'manual', signal });
    await response.body?.cancel();
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  } catch {
    // What fetch says may name the address: the reason alone is kept.
    throw transient('UpstreamUnavailable', signal.aborted ? 'Slack: no answer in time' : 'Slack: connection failed');
  }
}

function retryAfter(given: string | null): number {
  const seconds = given !== null && /^\d+$/.test(given) ? Number(given) : 30;
  return Math.min(seconds * 1_000, LONGEST_RETRY_AFTER_MS);
}
