import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../../src/ingest/sns/fetch-bounded.js';
import { createSnsVerifier } from '../../../src/ingest/sns/verify.js';
import { aCertificate } from '../../fixtures/certificate.js';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:findings';
const HOST = 'https://sns.us-east-1.amazonaws.com';
const CERTIFICATE_URL = `${HOST}/SimpleNotificationService-${'0123456789abcdef'.repeat(2)}.pem`;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const YEAR = { from: new Date('2026-06-01T00:00:00Z'), to: new Date('2027-06-01T00:00:00Z') };
const ours = aCertificate({ host: 'sns.amazonaws.com', ...YEAR });
const foreign = aCertificate({ host: 'sns.example.com', ...YEAR });

type Fields = Record<string, string>;
const COMMON: Fields = {
  MessageId: 'd88d4479-6ec0-54fe-b63f-1cf9df4bb16e',
  TopicArn: TOPIC,
  Timestamp: '2026-11-22T11:59:58.287Z',
  SignatureVersion: '2',
  SigningCertURL: CERTIFICATE_URL,
};
const PLAIN: Fields = {
  ...COMMON,
  Type: 'Notification',
  Message: '{"source":"aws.guardduty"}\nand a second line',
  UnsubscribeURL: `${HOST}/?Action=Unsubscribe&SubscriptionArn=${TOPIC}:1`,
};
const NOTIFICATION: Fields = { ...PLAIN, Subject: 'GuardDuty' };
const CONFIRMATION: Fields = {
  ...COMMON,
  Type: 'SubscriptionConfirmation',
  Token: 'token-of-sns',
  Message: 'You have chosen to subscribe to the topic.',
  SubscribeURL: `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=token-of-sns`,
};

/** The names that SNS signs, in its order (SNS developer guide). */
const SIGNED: Record<string, readonly string[]> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/** As SNS signs it: with the key of its certificate. */
function signed(
  fields: Fields,
  { key = ours.privateKey, hash = fields['SignatureVersion'] === '1' ? 'RSA-SHA1' : 'RSA-SHA256' } = {},
): Fields {
  const kind = fields['Type'] === 'Notification' ? 'Notification' : 'SubscriptionConfirmation';
  const names = (SIGNED[kind] ?? []).filter((name) => fields[name] !== undefined);
  const text = names.map((name) => `${name}\n${fields[name]}\n`).join('');
  return { ...fields, Signature: sign(hash, Buffer.from(text), key).toString('base64') };
}

/** A verifier over an internet in which one address has a certificate, and the addresses that it asked for. */
function rig({ pem = ours.pem, answer }: { pem?: string; answer?: () => Response } = {}) {
  const asked: string[] = [];
  const doFetch: Fetch = (url, { redirect, signal }) => {
    asked.push(url.href);
    expect([redirect, signal instanceof AbortSignal]).toEqual(['manual', true]);
    return Promise.resolve(answer?.() ?? new Response(url.pathname === '/' ? '<ConfirmSubscriptionResponse/>' : pem));
  };
  return { asked, ...createSnsVerifier({ allowedTopicArns: [TOPIC], fetch: doFetch, nowMs: () => NOW }) };
}
const reasonOf = async (message: Record<string, unknown>, options: Parameters<typeof rig>[0] = {}): Promise<string> => {
  const checked = await rig(options).verify(message);
  return checked.valid ? 'valid' : checked.reason;
};

describe('a message that SNS signed', () => {
  it.each(['1', '2'])('is valid in signature version %s, with a subject and without', async (SignatureVersion) => {
    for (const fields of [NOTIFICATION, PLAIN, CONFIRMATION, { ...CONFIRMATION, Type: 'UnsubscribeConfirmation' }])
      expect(await rig().verify(signed({ ...fields, SignatureVersion }))).toEqual({ valid: true, type: fields['Type'], topicArn: TOPIC });
  });

  it('needs its certificate fetched once', async () => {
    const { verify, asked } = rig();

    await verify(signed(NOTIFICATION));
    await verify(signed({ ...NOTIFICATION, MessageId: 'another' }));

    expect(asked).toEqual([CERTIFICATE_URL]);
  });

  it.each([...new Set(Object.values(SIGNED).flat())].filter((name) => name !== 'Type'))(
    'is refused when its %s was changed',
    async (name) => {
      const original = signed(NOTIFICATION[name] === undefined ? CONFIRMATION : NOTIFICATION);
      const other = name === 'TopicArn' ? `${TOPIC}-2` : name === 'SubscribeURL' ? `${HOST}/?Action=Else` : `${original[name]}x`;
      const verifier = createSnsVerifier({
        allowedTopicArns: [TOPIC, `${TOPIC}-2`],
        fetch: () => Promise.resolve(new Response(ours.pem)),
        nowMs: () => NOW,
      });

      expect(await verifier.verify({ ...original, [name]: other })).toEqual({
        valid: false,
        reason: 'Signature: expected that of SNS over this message',
      });
    },
  );

  it('is refused as another type, by another hash than it says, and by another key', async () => {
    const other = { ...signed(CONFIRMATION), Type: 'UnsubscribeConfirmation' };

    expect(await reasonOf(other)).toMatch(/^Signature:/);
    expect(await reasonOf(signed(NOTIFICATION, { hash: 'RSA-SHA1' }))).toMatch(/^Signature:/);
    expect(await reasonOf(signed(NOTIFICATION, { key: foreign.privateKey }))).toMatch(/^Signature:/);
  });
});

describe('before anything is fetched', () => {
  it.each([
    ['http', CERTIFICATE_URL.replace('https', 'http')],
    ['a foreign host', CERTIFICATE_URL.replace('sns.us-east-1.amazonaws.com', 'sns.example.com')],
    ['a look-alike with our host as a part', CERTIFICATE_URL.replace('.com/', '.com.example.com/')],
    ['a look-alike with another letter', CERTIFICATE_URL.replace('amazonaws', 'amaz0naws')],
    ['a bucket', CERTIFICATE_URL.replace('sns.us-east-1', 'sns.us-east-1.s3')],
    ['another service', CERTIFICATE_URL.replace('sns.', 'sqs.')],
    ['a host in the user name', CERTIFICATE_URL.replace('https://', 'https://sns.us-east-1.amazonaws.com@example.com/')],
    ['credentials', CERTIFICATE_URL.replace('https://', 'https://user:password@')],
    ['another port', CERTIFICATE_URL.replace('.com/', '.com:8443/')],
    ['another file', `${HOST}/evil.pem`],
    ['a path that goes up', `${HOST}/x/../SimpleNotificationService-../evil.pem`],
    ['a query', `${CERTIFICATE_URL}?x=1`],
    ['a file address', 'file:///etc/passwd'],
    ['no address', 'not an address'],
  ])('a certificate at %s is refused', async (_what, SigningCertURL) => {
    const { verify, asked } = rig();

    const checked = await verify(signed({ ...NOTIFICATION, SigningCertURL }));

    expect(checked).toMatchObject({ valid: false, reason: expect.stringMatching(/^SigningCertURL: expected https:\/\/sns/) });
    expect(asked).toEqual([]);
  });

  it.each([
    ['another topic', signed({ ...NOTIFICATION, TopicArn: `${TOPIC}-of-somebody` }), /^TopicArn: expected one of the configured topics$/],
    ['no signature', NOTIFICATION, /Signature: /],
    ['signature version 3', { ...signed(NOTIFICATION), SignatureVersion: '3' }, /SignatureVersion: /],
    ['an unknown type', { ...signed(NOTIFICATION), Type: 'Other' }, /Type: /],
    ['a number in place of text', { ...signed(NOTIFICATION), Message: 5 }, /Message: /],
    ['1 MB of text', signed({ ...NOTIFICATION, Message: 'x'.repeat(1_048_576) }), /Message: /],
    ['nothing', {}, /Type: /],
  ])('a message with %s is refused by the name of the field', async (_what, message, reason) => {
    const { verify, asked } = rig();

    const checked = await verify(message);

    expect(checked).toMatchObject({ valid: false, reason: expect.stringMatching(reason) });
    expect(asked).toEqual([]);
  });
});

describe('a certificate', () => {
  const made = (change: Partial<Parameters<typeof aCertificate>[0]>) => aCertificate({ host: 'sns.amazonaws.com', ...YEAR, ...change });

  it.each([
    ['expired', made({ to: new Date('2026-11-22T11:00:00Z') }), 'SigningCertURL: expected a certificate that is still valid'],
    ['not valid yet', made({ from: new Date('2026-11-23T00:00:00Z') }), 'SigningCertURL: expected a certificate that is valid already'],
    ['of another host', foreign, 'SigningCertURL: expected a certificate of SNS'],
  ])('that is %s is refused', async (_what, { pem, privateKey }, reason) => {
    expect(await reasonOf(signed(NOTIFICATION, { key: privateKey }), { pem })).toBe(reason);
  });

  it('is taken for the host of its region too', async () => {
    const { pem, privateKey } = made({ host: 'sns.us-east-1.amazonaws.com' });

    expect(await reasonOf(signed(NOTIFICATION, { key: privateKey }), { pem })).toBe('valid');
  });

  it.each([
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://example.com' } })],
    ['an error page', () => new Response('<html/>', { status: 404 })],
    ['no certificate', () => new Response('<html/>')],
    ['16 MB', () => new Response(Buffer.alloc(16_777_216, 'x'))],
  ])('that is answered with %s is refused', async (_what, answer) => {
    expect(await reasonOf(signed(NOTIFICATION), { answer })).toBe('SigningCertURL: expected the address of a certificate');
  });

  it.each([
    ['no answer', () => Promise.reject(new TypeError('fetch failed'))],
    ['HTTP 503', () => Promise.resolve(new Response('', { status: 503 }))],
  ])('that is not to be had now, by %s, leaves the message undecided', async (_what, doFetch) => {
    const { verify } = createSnsVerifier({ allowedTopicArns: [TOPIC], fetch: doFetch, nowMs: () => NOW });

    await expect(verify(signed(NOTIFICATION))).rejects.toMatchObject({ type: 'UpstreamUnavailable' });
  });
});

describe('a confirmation', () => {
  it('is followed at the address that SNS signed', async () => {
    const { confirm, asked } = rig();

    await confirm(signed(CONFIRMATION));

    expect(asked).toEqual([CERTIFICATE_URL, new URL(CONFIRMATION['SubscribeURL'] ?? '').href]);
  });

  it.each([
    ['an address elsewhere', signed({ ...CONFIRMATION, SubscribeURL: 'https://example.com/?Action=ConfirmSubscription' }), /^SubscribeURL/],
    ['the metadata service', signed({ ...CONFIRMATION, SubscribeURL: 'http://169.254.169.254/latest/meta-data/' }), /^SubscribeURL/],
    ['another action', signed({ ...CONFIRMATION, SubscribeURL: `${HOST}/?Action=DeleteTopic&TopicArn=${TOPIC}` }), /^SubscribeURL/],
    [
      'another topic',
      signed({ ...CONFIRMATION, SubscribeURL: `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}-2` }),
      /^SubscribeURL/,
    ],
    ['a wrong signature', { ...signed(CONFIRMATION), Token: 'other' }, /^Signature/],
    ['another type', signed(NOTIFICATION), /^Type: expected SubscriptionConfirmation$/],
  ])('with %s is not followed', async (_what, message, reason) => {
    const { confirm, asked } = rig();

    await expect(confirm(message)).rejects.toMatchObject({ type: 'UnsafeAction', message: expect.stringMatching(reason) });
    expect(asked.filter((address) => address !== CERTIFICATE_URL)).toEqual([]);
  });

  it('that SNS refuses fails', async () => {
    const doFetch: Fetch = (url) => Promise.resolve(new Response(ours.pem, { status: url.pathname === '/' ? 403 : 200 }));
    const { confirm } = createSnsVerifier({ allowedTopicArns: [TOPIC], fetch: doFetch, nowMs: () => NOW });

    await expect(confirm(signed(CONFIRMATION))).rejects.toMatchObject({ type: 'PreconditionFailed' });
  });
});
