import { generateKeyPair, UnsecuredJWT } from 'jose';
import type { SnsVerifier } from '../../src/ports/sns-verifier.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hmacOf } from '../../src/api/auth/hmac.js';
import {
  type Answer,
  apiEnv,
  call,
  HMAC_SECRET,
  oidcConfig,
  startApi,
  startIdentityProvider,
  type ApiRig,
  type IdentityProvider,
} from '../fixtures/api.js';
import { aFinding } from '../unit/ingest/samples.js';

const SOURCES = [
  { name: 'soc', auth: 'hmac', secretEnv: 'TOURNIQUET_SECRET_SOC', accepts: ['guardduty'] },
  { name: 'soc-health', auth: 'hmac', secretEnv: 'TOURNIQUET_SECRET_SOC', accepts: ['aws-health'] },
  { name: 'monitoring', auth: 'bearer', accepts: ['guardduty'] },
];
const DECIDE = '/v1/incidents/INC-20260301-7K2M9QXD/decide';

let provider: IdentityProvider;
let api: ApiRig;

// Temporal is down for all of these: whoever is let in gets 503, whoever is not never gets that far.
beforeAll(async () => {
  provider = await startIdentityProvider();
  api = await startApi({ callers: { sources: SOURCES, oidc: oidcConfig(provider) } });
});
afterAll(async () => {
  await api.stop();
  await provider.stop();
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const secondsFromNow = (seconds: number): string => String(Math.floor(Date.now() / 1_000) + seconds);

/** A delivery to the source `soc`, signed as its sender signs, unless changed. */
function delivery(change: { body?: string; at?: string; signed?: string; secret?: string; source?: string } = {}) {
  const { body = JSON.stringify(aFinding()), at = secondsFromNow(0), secret = HMAC_SECRET, source = 'soc' } = change;
  const signature = hmacOf(secret, at, bytes(change.signed ?? body));
  const headers = { 'x-tourniquet-timestamp': at, 'x-tourniquet-signature': signature };
  return call(`${api.url}/v1/alerts/${source}`, { body, headers });
}

describe('a source with a shared secret', () => {
  it('lets in a signed delivery, which waits for Temporal: 503 with Retry-After, and the very same may be sent again', async () => {
    const at = secondsFromNow(0);

    const [first] = [await delivery({ at })];
    const again = await delivery({ at });

    expect([first.status, first.headers.get('retry-after'), first.json['error']]).toEqual([503, '5', 'Temporal does not answer']);
    expect(again.status).toBe(503);
  });

  it('refuses a delivery without headers, with a wrong signature, over another body, or by another secret', async () => {
    const none = await call(`${api.url}/v1/alerts/soc`, { body: aFinding() });
    const unsigned = await call(`${api.url}/v1/alerts/soc`, { body: aFinding(), headers: { 'x-tourniquet-timestamp': secondsFromNow(0) } });
    const another = await delivery({ signed: '{"another":"body"}' });
    const foreign = await delivery({ secret: 'another-secret-of-somebody-else-0123456789' });

    expect([none.status, unsigned.status, another.status, foreign.status]).toEqual([401, 401, 401, 401]);
    expect(none.json['error']).toBe('x-tourniquet-timestamp: expected the time in whole seconds since 1970');
    expect(unsigned.json['error']).toBe('x-tourniquet-signature: expected 64 hexadecimal digits');
    expect(another.json['error']).toBe("x-tourniquet-signature: is not this source's for this body");
    expect(foreign.json['error']).toBe("x-tourniquet-signature: is not this source's for this body");
  });

  it.each([-301, 301])('refuses a timestamp %i s from now although the signature is right', async (seconds) => {
    const { status, json } = await delivery({ at: secondsFromNow(seconds) });

    expect([status, json['error']]).toEqual([401, 'x-tourniquet-timestamp: expected a time within 300 s of now']);
  });

  it('refuses a delivery that was taken before', async () => {
    // Not an alert: taken, judged and kept as rejected without Temporal.
    const at = secondsFromNow(-5);
    const first = await delivery({ at, body: '{"no":"alert"}' });
    const replayed = await delivery({ at, body: '{"no":"alert"}' });

    expect([first.status, first.json['error']]).toEqual([400, 'no known source sends such a message']);
    expect([replayed.status, replayed.json['error']]).toEqual([401, 'x-tourniquet-signature: was used before; sign each delivery anew']);
    expect(await api.rejected()).toContain('no known source sends such a message');
  });

  it('hands in its own kinds of alert only, and none by hand', async () => {
    const forged = await delivery({ source: 'soc-health' });
    const byHand = await delivery({
      body: JSON.stringify({ source: 'manual', title: 'a key', reportedBy: 'lea', accessKeyId: 'AKIAQYLPMN5HEXAMPLE1' }),
    });

    expect([forged.status, forged.json['error']]).toEqual([400, 'this source may not send alerts of guardduty']);
    expect(byHand.status).toBe(400);
    expect(await api.rejected()).toContain('this source may not send alerts of guardduty');
  });

  it('refuses an address that is no configured source', async () => {
    expect(await delivery({ source: 'nobody' })).toMatchObject({ status: 404, json: { error: 'no source nobody in callers.yaml' } });
    expect((await call(`${api.url}/v1/alerts/..%2fetc`, { body: {} })).status).toBe(400);
  });
});

describe('a source with a token', () => {
  it('lets in the token made for it and refuses everybody else', async () => {
    const send = async (token: string) => (await call(`${api.url}/v1/alerts/monitoring`, { token, body: aFinding() })).status;

    expect(await send(await api.tokenFor('monitoring', 'sender'))).toBe(503);
    expect(await send(await api.tokenFor('another-source', 'sender'))).toBe(403);
    expect(await send(await api.tokenFor('lea', 'approver'))).toBe(403);
    expect(await send(`tq_${'A'.repeat(43)}`)).toBe(401);
  });

  it('lets nobody else do anything', async () => {
    const token = await api.tokenFor('monitoring', 'sender');

    const decided = await call(`${api.url}${DECIDE}`, { token, body: { task: 'T1', choice: 'approve', reason: 'why not' } });
    const listed = await call(`${api.url}/v1/incidents`, { token });

    expect([decided.status, decided.json['error']]).toEqual([
      403,
      'monitoring may not do this: role responder, approver or admin is needed',
    ]);
    expect(listed.status).toBe(403);
  });
});

describe('a topic of SNS', () => {
  const TOPIC = 'arn:aws:sns:us-east-1:111122223333:findings';
  const callers = { sources: [{ name: 'topic', auth: 'sns', topicArns: [TOPIC], accepts: ['guardduty'] }] };
  type Checked = Awaited<ReturnType<SnsVerifier['verify']>>;

  /** The verifier has tests of its own: here it only says what it found. */
  async function post(message: object, checked: Checked): Promise<{ answer: Answer; confirmed: number }> {
    let confirmed = 0;
    const sns: SnsVerifier = { verify: () => Promise.resolve(checked), confirm: () => Promise.resolve(void (confirmed += 1)) };
    const rig = await startApi({ callers, sns: () => sns });
    const answer = await call(`${rig.url}/v1/alerts/topic`, { body: JSON.stringify(message), headers: { 'content-type': 'text/plain' } });
    await rig.stop();
    return { answer, confirmed };
  }

  it('hands in what SNS signed for it, and confirms its own subscription only', async () => {
    const notification = { Type: 'Notification', TopicArn: TOPIC, Message: JSON.stringify(aFinding()) };

    const taken = await post(notification, { valid: true, type: 'Notification', topicArn: TOPIC });
    const subscribed = await post({ Type: 'SubscriptionConfirmation' }, { valid: true, type: 'SubscriptionConfirmation', topicArn: TOPIC });
    const foreign = await post(
      { Type: 'SubscriptionConfirmation' },
      { valid: true, type: 'SubscriptionConfirmation', topicArn: `${TOPIC}-2` },
    );

    expect([taken.answer.status, taken.confirmed]).toEqual([503, 0]);
    expect([subscribed.answer.status, subscribed.confirmed]).toEqual([200, 1]);
    expect([foreign.answer.status, foreign.answer.json['error'], foreign.confirmed]).toEqual([
      403,
      'TopicArn: is not one of source topic',
      0,
    ]);
  });

  it('is refused when SNS did not sign it, or it is no message at all', async () => {
    const unsigned = await post({ Type: 'Notification' }, { valid: false, reason: 'SigningCertURL: expected an AWS host' });

    expect([unsigned.answer.status, unsigned.answer.json['error']]).toEqual([
      401,
      "the message is not SNS's: SigningCertURL: expected an AWS host",
    ]);
    expect((await post([], { valid: true, type: 'Notification', topicArn: TOPIC })).answer.status).toBe(401);
  });
});

describe('an access token of the identity provider', () => {
  const list = async (token: string) => call(`${api.url}/v1/incidents`, { token });

  it('lets its holder in by the groups in it', async () => {
    expect((await list(await provider.token('manager-1', ['managers', 'others']))).status).toBe(503);
    expect(await list(await provider.token('stranger', ['others']))).toMatchObject({ status: 403 });
  });

  it('is refused for another audience or issuer, expired, or not valid yet', async () => {
    const refused = async (change: Parameters<IdentityProvider['token']>[2]) => {
      const { status, json } = await list(await provider.token('manager-1', ['managers'], change));
      return [status, json['error']];
    };

    expect(await refused({ audience: 'another-service' })).toEqual([401, "the token's aud: is not the one expected here"]);
    expect(await refused({ issuer: 'https://evil.example.com' })).toEqual([401, "the token's iss: is not the one expected here"]);
    expect(await refused({ expiresIn: -60 })).toEqual([401, 'the token has expired']);
    expect(await refused({ notBeforeIn: 120 })).toEqual([401, "the token's nbf: is in the future"]);
  });

  it('is refused without a signature, signed with the public key as a shared secret, or by a key that is not the issuer’s', async () => {
    const none = new UnsecuredJWT({ groups: ['managers'] })
      .setSubject('manager-1')
      .setIssuer(provider.issuer)
      .setAudience('tourniquet')
      .setExpirationTime('5m')
      .encode();
    const confused = await provider.token('manager-1', ['managers'], { alg: 'HS256', key: bytes(JSON.stringify(provider.publicJwk)) });
    const { privateKey } = await generateKeyPair('RS256');
    const foreign = await provider.token('manager-1', ['managers'], { key: privateKey });
    const unknownKey = await provider.token('manager-1', ['managers'], { key: privateKey, kid: 'key-2' });

    expect((await list(none)).status).toBe(401);
    expect(await list(confused)).toMatchObject({ status: 401, json: { error: "the token's alg: expected RS256, ES256, EdDSA" } });
    expect(await list(foreign)).toMatchObject({ status: 401, json: { error: 'the token is not signed by the configured issuer' } });
    expect((await list(unknownKey)).status).toBe(401);
  });
});

describe('people', () => {
  it('are refused without a token, and with one that is unknown, revoked or expired', async () => {
    const { token: expired } = await api.tokenUntil('lea', new Date(Date.now() - 1_000).toISOString());
    const list = async (token?: string) => call(`${api.url}/v1/incidents`, token === undefined ? {} : { token });

    expect(await list()).toMatchObject({ status: 401, json: { error: 'authorization: expected Bearer and a token' } });
    expect((await list()).headers.get('www-authenticate')).toContain('Bearer');
    expect(await list(`tq_${'B'.repeat(43)}`)).toMatchObject({ status: 401, json: { error: 'the token is not known' } });
    expect(await list(expired)).toMatchObject({ status: 401, json: { error: 'the token has expired' } });
  });

  it('in role manager read and change nothing', async () => {
    const token = await api.tokenFor('mara', 'manager');

    for (const verb of ['decide', 'acknowledge', 'notes', 'pause', 'resume', 'request'])
      expect(await call(`${api.url}/v1/incidents/INC-20260301-7K2M9QXD/${verb}`, { token, body: {} })).toMatchObject({ status: 403 });
    expect(await call(`${api.url}/v1/incidents`, { token, body: { title: 'a key in a gist' } })).toMatchObject({ status: 403 });
    expect((await call(`${api.url}/v1/incidents`, { token })).status).toBe(503);
  });

  it('act only when people.yaml knows them', async () => {
    const token = await provider.token('mallory', ['leads']);

    const { status, json } = await call(`${api.url}${DECIDE}`, { token, body: { task: 'T1', choice: 'approve' } });

    expect([status, json['error']]).toEqual([403, `mallory of ${provider.issuer} is not in people.yaml`]);
  });

  it('are who their token says: a subject in the body is refused', async () => {
    const token = await api.tokenFor('lea', 'approver');

    const { status, json } = await call(`${api.url}${DECIDE}`, { token, body: { task: 'T1', choice: 'approve', subject: 'mara' } });

    expect([status, json['error']]).toEqual([400, 'body: subject: comes from the token alone']);
  });
});

it('logs every refusal without a secret, a token or a body', async () => {
  const token = await api.tokenFor('lea', 'approver');
  const at = secondsFromNow(0);
  const signature = hmacOf('not-the-secret-of-this-source-0123456789', at, bytes('{}'));

  await call(`${api.url}/v1/alerts/soc`, {
    body: '{}',
    headers: { 'x-tourniquet-timestamp': at, 'x-tourniquet-signature': signature },
  });
  await call(`${api.url}${DECIDE}?token=${token}`, { token, body: { secret: 'planted-in-the-body' } });

  const log = api.logged();
  expect(log).toContain("x-tourniquet-signature: is not this source's for this body");
  expect(log).toContain('"requestId"');
  for (const planted of [HMAC_SECRET, token, signature, 'planted-in-the-body', 'eyJ']) expect(log).not.toContain(planted);
});

describe('a configuration that is not as expected', () => {
  it.each([
    ['a secret in the file', { sources: [{ ...SOURCES[0], secret: 'x' }] }, /sources\.0: .*secret/],
    ['a source that may send nothing', { sources: [{ ...SOURCES[0], accepts: [] }] }, /sources\.0\.accepts/],
    ['the same source twice', { sources: [SOURCES[0], SOURCES[0]] }, /sources\.1\.name: is there twice/],
    [
      'a secret that is not set',
      { sources: [{ ...SOURCES[0], secretEnv: 'TOURNIQUET_SECRET_OTHER' }] },
      /no secret in TOURNIQUET_SECRET_OTHER/,
    ],
    ['SNS without a topic', { sources: [{ name: 'sns', auth: 'sns', accepts: ['guardduty'], topicArns: [] }] }, /sources\.0\.topicArns/],
    ['reports by hand from a source', { sources: [{ ...SOURCES[0], accepts: ['manual'] }] }, /POST \/v1\/incidents/],
  ])('with %s keeps the server from starting, and says which field', async (_, callers, expected) => {
    const env = await apiEnv(callers);
    await expect(startApi({ env: { ...env, sourceSecrets: { TOURNIQUET_SECRET_SOC: HMAC_SECRET } } })).rejects.toThrow(expected);
  });

  it('with an OIDC address that is not https is refused', async () => {
    const oidc = { ...oidcConfig(provider), jwksUri: 'http://id.example.com/keys' };

    await expect(startApi({ callers: { oidc } })).rejects.toThrow(/oidc\.jwksUri: expected an https URL/);
  });
});
