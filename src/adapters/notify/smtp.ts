import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { permanent, transient } from '../../contracts/failures.js';
import type { Notification } from '../../contracts/notify.js';
import type { Person, Team } from '../../contracts/playbook.js';
import { plainText, withoutLinks } from '../../domain/engine/plain-text.js';
import type { Notifier } from '../../ports/notifier.js';

export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…`: a secret, never in a message or an error. */
  readonly url: string;
  /** Sender address. */
  readonly from: string;
  /** `people.yaml` as it is now: members of a team are reached at their own addresses too. */
  readonly people: () => Promise<readonly Person[]>;
  /** Bound of connecting, greeting and each silence. */
  readonly waitMs?: number;
}

/** A page that mail has not taken by then goes through the next channel. */
const WAIT_MS = 10_000;
const SUBJECT_LIMIT = 200;
const LINE_LIMIT = 500;
const MOST_LINES = 200;
/** Addresses that the server took; one that it refused is not among them. */
const Sent = z.object({ accepted: z.array(z.string()).min(1) });
const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[A-Za-z0-9.-]+$/;

/**
 * Sends mail to the addresses among a team's contacts and to its members. Plain text only. SMTP cannot recognise a
 * repeat, so the Message-ID is made from the notification: mailboxes and people see that it is the same one.
 *
 * @throws TargetNotFound, permanent: the team has no e-mail address.
 * @throws PermissionDenied, permanent: the server refuses the sign-in.
 * @throws UpstreamUnavailable, transient: not reached, too slow, or it took the mail for nobody.
 */
export function createSmtpNotifier({ url, from, people, waitMs = WAIT_MS }: SmtpOptions): Notifier {
  const transport = createTransport({
    ...connectionOf(url),
    connectionTimeout: waitMs,
    greetingTimeout: waitMs,
    socketTimeout: waitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    channel: 'email',
    async send(notification, team) {
      const to = recipients(team, await people());
      if (to.length === 0) throw permanent('TargetNotFound', `${team.id} has no e-mail address in teams.yaml or people.yaml`);
      try {
        const { accepted } = Sent.parse(await transport.sendMail({ from, to, ...mail(notification, team, from) }));
        return { people: accepted };
      } catch (error) {
        throw smtpFailure(error);
      }
    },
  };
}

/** Every address of a team, once. Contacts that are no address (telephone, pager) are for other channels. */
export function recipients(team: Team, people: readonly Person[]): string[] {
  const members = people.filter(({ teams }) => teams.includes(team.id)).flatMap(({ emails }) => emails);
  const addresses = [...team.contacts, ...members].filter((one) => ADDRESS.test(one));
  return [...new Map(addresses.map((one) => [one.toLowerCase(), one])).values()];
}

/** Foreign text is one line each: it can neither add a header nor start a line of its own, and no address in it is a link. */
function mail({ notificationId, incidentId, kind, title, lines, at }: Notification, team: Team, from: string): MailText {
  const hash = createHash('sha256')
    .update(JSON.stringify([notificationId, team.id]))
    .digest('hex')
    .slice(0, 40);
  const shown = lines.slice(0, MOST_LINES).map((one) => `  ${mailText(one)}`);
  const more = lines.length > MOST_LINES ? [`  and ${lines.length - MOST_LINES} more lines`] : [];
  return {
    messageId: `<${hash}@${from.split('@')[1] ?? 'tourniquet.invalid'}>`,
    date: new Date(at),
    subject: plainText(`[${kind}] ${incidentId}: ${title}`, SUBJECT_LIMIT),
    text: [
      mailText(`${incidentId}, for ${team.title}, ${at}`),
      '',
      mailText(title),
      ...shown,
      ...more,
      '',
      `-- ${plainText(notificationId, 200)}`,
    ].join('\n'),
    // RFC 3834: nobody's out-of-office answers an alarm.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

interface MailText {
  readonly messageId: string;
  readonly date: Date;
  readonly subject: string;
  readonly text: string;
  readonly headers: Record<string, string>;
}

function mailText(value: string): string {
  return withoutLinks(plainText(value, LINE_LIMIT));
}

/** The server's own words may repeat the sign-in: only codes are kept. */
function smtpFailure(error: unknown): Error {
  const code = field(error, 'code');
  const status = field(error, 'responseCode');
  const said = `SMTP: ${[code, status].filter((one) => one !== '').join(' ') || 'failed'}`;
  if (code === 'EAUTH') return permanent('PermissionDenied', `${said}; check user and password`);
  if (code === 'EENVELOPE' && status.startsWith('5')) return permanent('TargetNotFound', `${said}; the server takes none of the addresses`);
  return transient('UpstreamUnavailable', said);
}

function field(error: unknown, name: 'code' | 'responseCode'): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

interface Connection {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

/** RFC 8314: 465 with TLS from the start, 587 with STARTTLS. A password leaves this machine only through TLS. */
function connectionOf(url: string): Connection {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const requireTLS = !secure && username !== '' && !['localhost', '127.0.0.1', '::1'].includes(host);
  const at = { host, port: port === '' ? (secure ? 465 : 587) : Number(port), secure, requireTLS };
  return username === '' ? at : { ...at, auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } };
}
