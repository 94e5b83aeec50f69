import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliver } from '../../activities/notify/deliver.js';
import { readSentNotifications } from '../../src/adapters/notify/journal.js';
import { createSlackNotifier, slackText } from '../../src/adapters/notify/slack.js';
import { createSmtpNotifier, recipients } from '../../src/adapters/notify/smtp.js';
import { loadEnv } from '../../src/config/env.js';
import type { Notification } from '../../src/contracts/notify.js';
import type { Notifier } from '../../src/ports/notifier.js';
import { createNotifiers, notificationJournal } from '../../src/worker/people-systems.js';
import type { Json } from '../fixtures/jira-stub/openapi.js';
import { shippedPolicies } from '../fixtures/policies.js';
import { HOSTILE } from '../fixtures/tickets.js';

const SECRET = 'B0SECRETHOOK';
const PASSWORD = 'smtp-pass-4711';
const TEAM = {
  id: 'incident-management',
  title: 'Incident Manager',
  contacts: ['ir-team@example.com', '+1-555-123-4567', 'x@y.example\r\nBcc: victim@example.com'],
  channels: ['slack', 'email', 'terminal', 'journal'],
};
const PEOPLE = [
  { subject: 'mara', name: 'Mara', issuer: 'local', teams: [TEAM.id], awsNames: [], emails: ['IR-team@example.com', 'mara@example.com'] },
  { subject: 'alex', name: 'Alex', issuer: 'local', teams: ['other'], awsNames: [], emails: ['alex@example.com'] },
];

function aNotification(change: Partial<Notification> = {}): Notification {
  const at = '2026-03-01T12:00:00.000Z';
  return {
    notificationId: 'INC-1/page/1',
    incidentId: 'INC-1',
    team: TEAM.id,
    kind: 'page',
    title: 'contain ci-deploy',
    lines: ['look at T3'],
    at,
    ...change,
  };
}

/** What a failure could give away: everything of it that is logged or kept. */
async function everythingOf(sending: Promise<unknown>): Promise<string> {
  const error: Json = await sending.then(
    () => {
      throw new Error('it was sent');
    },
    (failure: unknown) => failure,
  );
  return [error.message, error.stack, JSON.stringify(error), String(error.cause?.message ?? ''), String(error.cause?.stack ?? '')].join(
    ' ',
  );
}

function decodeBody(encoding: string, body: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** The HTTP end of a webhook. */
class Hook {
  posts: Json[] = [];
  answer: { status: number; headers?: Record<string, string>; body?: string } | 'silence' = { status: 200, body: 'ok' };
  private constructor(private readonly server: Server) {}
  static async start(): Promise<Hook> {
    const server = createServer();
    const hook = new Hook(server);
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        hook.posts.push(JSON.parse(text));
        if (hook.answer === 'silence') return;
        response.writeHead(hook.answer.status, hook.answer.headers).end(hook.answer.body ?? '');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return hook;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/services/T0/${SECRET}`;
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A mail server that takes one user and keeps what it gets. */
class Mailbox {
  mails: { from: string; to: string[]; raw: string }[] = [];
  refuse: string[] = [];
  signIns = 0;
  private readonly server: SMTPServer;
  constructor() {
    this.server = new SMTPServer({
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onAuth: ({ username, password }, _session, callback) => {
        this.signIns += 1;
        // As some servers do, it repeats what it was given.
        return password === PASSWORD
          ? callback(null, { user: username })
          : callback(new Error(`535 bad credentials ${username} ${password ?? ''}`));
      },
      onRcptTo: ({ address }, _session, callback) => callback(this.refuse.includes(address) ? new Error('550 no such user') : null),
      onData: (stream, session, callback) => {
        let raw = '';
        stream.on('data', (chunk: Buffer) => (raw += chunk.toString()));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          this.mails.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), raw });
          callback();
        });
      },
    });
  }
  async start(): Promise<void> {
    // On every address of this machine: one test calls it by another one.
    await new Promise<void>((resolve) => this.server.listen(0, '0.0.0.0', resolve));
  }
  url(password = PASSWORD): string {
    return `smtp://bot:${password}@127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}

let hook: Hook;
let mailbox: Mailbox;
beforeAll(async () => {
  hook = await Hook.start();
  mailbox = new Mailbox();
  await mailbox.start();
});
afterAll(async () => {
  await hook.stop();
  await mailbox.stop();
});
beforeEach(() => {
  hook.posts = [];
  hook.answer = { status: 200, body: 'ok' };
  mailbox.mails = [];
  mailbox.signIns = 0;
  mailbox.refuse = [];
});

const slack = (change: { requestMs?: number; nowMs?: () => number } = {}): Notifier =>
  createSlackNotifier({ webhookUrl: hook.url, ...change });
const smtp = (url = mailbox.url(), waitMs = 5_000): Notifier =>
  createSmtpNotifier({ url, from: 'tourniquet@example.com', people: () => Promise.resolve(PEOPLE), waitMs });

describe('Slack', () => {
  it('posts title, lines and notification id as plain text blocks', async () => {
    await slack().send(aNotification(), TEAM);

    const [{ blocks, ...rest }] = hook.posts;
    expect(rest).toEqual({
      text: '[page] INC-1 → Incident Manager: contain ci-deploy'.replace('>', '&gt;'),
      mrkdwn: false,
      parse: 'none',
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
    });
    expect(blocks.map(({ type, text, elements }: Json) => [type, (text ?? elements[0]).type, (text ?? elements[0]).text])).toEqual([
      ['header', 'plain_text', '[page] INC-1 → Incident Manager: contain ci-deploy'],
      ['section', 'plain_text', 'look at T3'],
      ['context', 'plain_text', 'INC-1/page/1'],
    ]);
  });

  it.each(HOSTILE)('gives %j no mention, link, control character or markup', async (hostile) => {
    await slack().send(aNotification({ title: hostile, lines: [hostile], notificationId: hostile }), { ...TEAM, title: hostile });

    const sent = JSON.stringify(hook.posts[0]);
    expect(sent).not.toMatch(/<|>|https?:\/|\\u001b|\\r|\u202E|\u2066/u);
    expect(sent).not.toContain('mrkdwn"}');
  });

  it('stays within Slack’s bounds with 500 lines of 5,000 characters', async () => {
    await slack().send(aNotification({ title: '&'.repeat(5_000), lines: Array.from({ length: 500 }, () => '<'.repeat(5_000)) }), TEAM);

    const { blocks } = hook.posts[0];
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(150);
    for (const { text } of blocks.slice(1, -1)) expect(text.text.length).toBeLessThanOrEqual(3_000);
    expect(JSON.stringify(blocks)).toContain('and 460 more lines');
    expect(slackText('&'.repeat(500), 150)).toMatch(/^(&amp;)+…?$/);
  });

  it('keeps Retry-After, and does not call again before it has passed', async () => {
    let now = 0;
    const notifier = slack({ nowMs: () => now });
    hook.answer = { status: 429, headers: { 'retry-after': '30' } };
    await expect(notifier.send(aNotification(), TEAM)).rejects.toMatchObject({ type: 'Throttled', nextRetryDelay: 30_000 });
    hook.answer = { status: 200 };
    now = 29_000;
    await expect(notifier.send(aNotification(), TEAM)).rejects.toMatchObject({ type: 'Throttled', nextRetryDelay: 1_000 });
    now = 30_000;

    await notifier.send(aNotification(), TEAM);

    expect(hook.posts).toHaveLength(2);
  });

  it.each([
    [{ status: 500, body: 'rollup_error' }, 'UpstreamUnavailable', false],
    [{ status: 404, body: 'no_service' }, 'PermissionDenied', true],
    [{ status: 403, body: 'invalid_token' }, 'PermissionDenied', true],
    [{ status: 302, headers: { location: 'https://slack.com/login' } }, 'PermissionDenied', true],
    ['silence' as const, 'UpstreamUnavailable', false],
  ])('answering %j is %s, and no failure names the webhook', async (answer, type, nonRetryable) => {
    hook.answer = answer;
    const sending = slack({ requestMs: 150 }).send(aNotification(), TEAM);

    await expect(sending).rejects.toMatchObject({ type, nonRetryable });
    expect(await everythingOf(sending)).not.toMatch(new RegExp(`${SECRET}|services/T0`));
  });

  it('names no webhook when nobody listens', async () => {
    const down = await Hook.start();
    const url = down.url;
    await down.stop();

    expect(await everythingOf(createSlackNotifier({ webhookUrl: url }).send(aNotification(), TEAM))).not.toContain(SECRET);
  });
});

describe('e-mail', () => {
  it('reaches the addresses of the contacts and the members, each once', async () => {
    const { people } = await smtp().send(aNotification(), TEAM);

    expect(people.map((one) => one.toLowerCase()).toSorted()).toEqual(['ir-team@example.com', 'mara@example.com']);
    expect(mailbox.mails).toHaveLength(1);
    expect(mailbox.mails[0]).toMatchObject({ from: 'tourniquet@example.com', to: people });
    expect(mailbox.mails[0]?.raw).toMatch(/^Subject: \[page\] INC-1: contain ci-deploy\r?$/m);
    expect(mailbox.mails[0]?.raw).toMatch(/^Content-Type: text\/plain/m);
    expect(mailbox.mails[0]?.raw).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
  });

  it('has the same Message-ID when it is repeated, another one for another notification or team', async () => {
    await smtp().send(aNotification(), TEAM);
    await smtp().send(aNotification(), TEAM);
    await smtp().send(aNotification({ notificationId: 'INC-1/page/2' }), TEAM);
    await smtp().send(aNotification(), { ...TEAM, id: 'ciso' });

    const ids = mailbox.mails.map(({ raw }) => /^Message-ID: (<[0-9a-f]{40}@example\.com>)/m.exec(raw)?.[1]);
    expect(ids[0]).toBeDefined();
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it.each(HOSTILE)('gives %j no header, no line of its own, no link and no markup', async (hostile) => {
    await smtp().send(aNotification({ title: hostile, lines: [hostile], incidentId: 'INC-1' }), { ...TEAM, title: hostile });

    const [{ raw, to } = { raw: '', to: [] }] = mailbox.mails;
    const end = raw.indexOf('\r\n\r\n');
    const [head, body] = [raw.slice(0, end), raw.slice(end + 4)];
    const encoding = /^Content-Transfer-Encoding: (\S+)/im.exec(head)?.[1] ?? '7bit';
    const decoded = decodeBody(encoding, body);
    expect(head).not.toMatch(/^bcc:/im);
    expect(head).not.toMatch(/text\/html/);
    expect(to.map((one) => one.toLowerCase()).toSorted()).toEqual(['ir-team@example.com', 'mara@example.com']);
    expect(decoded).not.toMatch(/https?:\/\/|\u202E|\u2066|^bcc:|^# two/im);
    expect(decoded).not.toContain('\u001b');
    expect(decoded.split(/\r?\n/).filter((line) => line !== '')).toHaveLength(4);
  });

  it('falls through when the team has no address, and takes telephone numbers and forged addresses for none', async () => {
    expect(recipients(TEAM, [])).toEqual(['ir-team@example.com']);
    await expect(smtp().send(aNotification(), { ...TEAM, id: 'ciso', contacts: ['+1-555'] })).rejects.toMatchObject({
      type: 'TargetNotFound',
    });
  });

  it('says a wrong password without the password, although the server repeats it', async () => {
    const sending = smtp(mailbox.url('wrong-secret-pass')).send(aNotification(), TEAM);

    await expect(sending).rejects.toMatchObject({ type: 'PermissionDenied', message: expect.stringMatching(/EAUTH 535/) });
    expect(await everythingOf(sending)).not.toMatch(/wrong-secret-pass|d3Jvbmct/);
  });

  it('is TargetNotFound when the server takes none of the addresses, and names those it took otherwise', async () => {
    mailbox.refuse = ['mara@example.com'];
    expect((await smtp().send(aNotification(), TEAM)).people.map((one) => one.toLowerCase())).toEqual(['ir-team@example.com']);
    mailbox.refuse = ['mara@example.com', 'ir-team@example.com', 'IR-team@example.com'];

    await expect(smtp().send(aNotification(), TEAM)).rejects.toMatchObject({
      type: 'TargetNotFound',
      message: expect.stringMatching(/550/),
    });
  });

  it('sends no password over a connection without TLS to another machine', async () => {
    const url = mailbox.url().replace('127.0.0.1', '127.0.0.2');

    const sending = smtp(url, 1_000).send(aNotification(), TEAM);

    await expect(sending).rejects.toMatchObject({ type: 'UpstreamUnavailable', message: expect.stringMatching(/^SMTP: ETLS/) });
    expect(mailbox.signIns).toBe(0);
    expect(mailbox.mails).toEqual([]);
  });
});

describe('routing', () => {
  let dataDir = '';
  const printed: string[] = [];
  afterEach(() => printed.splice(0));
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tourniquet-notify-'));
  });

  function installation(variables: Record<string, string>): readonly Notifier[] {
    const env = { ...loadEnv(variables), dataDir };
    return createNotifiers(env, {
      policies: { ...shippedPolicies, people: () => Promise.resolve({ version: '1', people: PEOPLE }) },
      print: (line) => void printed.push(line),
    });
  }
  const both = () => ({
    TOURNIQUET_SLACK_WEBHOOK_URL: hook.url,
    TOURNIQUET_SMTP_URL: mailbox.url(),
    TOURNIQUET_MAIL_FROM: 'tourniquet@example.com',
  });
  const send = (notifiers: readonly Notifier[], change?: Partial<Notification>) =>
    deliver({ notifiers, teams: () => Promise.resolve([TEAM]) }, aNotification(change));

  it('goes to Slack first, once, also when the activity is tried again', async () => {
    const results = [await send(installation(both())), await send(installation(both()))];

    expect(results).toEqual([results[0], results[0]]);
    expect(results[0]).toMatchObject({ channel: 'slack', failed: [] });
    expect([hook.posts.length, mailbox.mails.length, printed.length]).toEqual([1, 0, 0]);
    expect(await readSentNotifications(notificationJournal(dataDir))).toHaveLength(1);
  });

  it('falls through to mail when Slack is down, and says so without its address', async () => {
    hook.answer = { status: 503 };

    const result = await send(installation(both()));

    expect(result).toMatchObject({ channel: 'email', failed: ['slack (Slack: HTTP 503)'] });
    expect(mailbox.mails).toHaveLength(1);
  });

  it('falls through to the terminal when both are down', async () => {
    hook.answer = { status: 429, headers: { 'retry-after': '60' } };

    const result = await send(installation({ ...both(), TOURNIQUET_SMTP_URL: mailbox.url('no') }));

    expect(result.channel).toBe('terminal');
    expect(result.failed).toHaveLength(2);
    expect(JSON.stringify(result)).not.toContain(SECRET);
    expect(printed.join()).toContain('contain ci-deploy');
  });

  it('skips what is not configured, as part of the result and no failure: today’s behaviour', async () => {
    const result = await send(installation({}));

    expect(result).toEqual({ channel: 'terminal', failed: [], people: TEAM.contacts, skipped: ['slack', 'email'] });
    expect(await readSentNotifications(notificationJournal(dataDir))).toHaveLength(1);
  });

  it('asks to be tried again after the shortest wait when every channel is throttled', async () => {
    const throttled = (channel: string, seconds: number): Notifier => ({
      channel,
      send: () => createSlackNotifier({ webhookUrl: hook.url, nowMs: () => seconds }).send(aNotification(), TEAM),
    });
    hook.answer = { status: 429, headers: { 'retry-after': '9' } };

    await expect(send([throttled('slack', 1), throttled('email', 2)])).rejects.toMatchObject({
      type: 'UpstreamUnavailable',
      nextRetryDelay: 9_000,
    });
  });

  it('has the two paging channels first for every team of the shipped teams.yaml', async () => {
    const { teams } = await shippedPolicies.teams();

    for (const { channels } of teams) expect(channels).toEqual(['slack', 'email', 'terminal', 'journal']);
  });
});
