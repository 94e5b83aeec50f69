import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalAuthority, ensureLocalKeys } from '../../../src/adapters/authority/local.js';
import { createFileTokenStore } from '../../../src/adapters/tokens/file.js';
import { createReplayMemory } from '../../../src/api/auth/replay-memory.js';
import { renderBoard } from '../../../src/api/board.js';
import { withoutAuthority } from '../../../src/api/without-authority.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { aConsent, signedBy } from '../../fixtures/authority.js';
import { shippedPolicies } from '../../fixtures/policies.js';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'tourniquet-test-'));
const NOW = new Date('2026-03-01T12:00:00Z');

describe('the replay memory', () => {
  it('knows a signature until its window has passed, or until it came to nothing', () => {
    const memory = createReplayMemory();
    const use = (nowMs: number) => memory.use('soc:aa', { nowMs, expiresMs: nowMs + 300_000 });

    expect([use(0), use(1), use(300_000)]).toEqual([true, false, false]);
    expect(use(300_001)).toBe(true);
    memory.release('soc:aa');
    expect(use(300_002)).toBe(true);
  });

  it('refuses when it is full of signatures that may still be replayed, and makes room when they cannot', () => {
    const memory = createReplayMemory(2);
    const use = (key: string, nowMs: number) => memory.use(key, { nowMs, expiresMs: nowMs + 10 });
    use('a', 0);
    use('b', 0);

    expect(() => use('c', 5)).toThrow('too many deliveries at once');
    expect(use('a', 5)).toBe(false);
    expect(use('c', 11)).toBe(true);
  });
});

describe('local tokens', () => {
  it('are kept as hashes only, found by the token, and revoked at once', async () => {
    const file = join(await folder(), 'keys', 'tokens.json');
    const store = createFileTokenStore(file);
    const dates = { createdAt: NOW.toISOString(), expiresAt: '2026-06-01T00:00:00.000Z' };
    const { token, record } = await store.create({ subject: 'lea', roles: ['approver'], ...dates });
    await store.create({ subject: 'alex', roles: ['responder'], ...dates });

    expect(token).toMatch(/^tq_[\w-]{43}$/);
    expect(await readFile(file, 'utf8')).not.toContain(token);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await store.find(token)).toMatchObject({ subject: 'lea', roles: ['approver'] });
    expect(await store.find(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined();
    expect(await store.find(record.sha256)).toBeUndefined();
    expect(await createFileTokenStore(file).revoke(record.id, NOW.toISOString())).toBe(true);
    expect(await store.find(token)).toMatchObject({ revokedAt: NOW.toISOString() });
    expect(await store.revoke('unknown', NOW.toISOString())).toBe(false);
  });
});

describe('consents of people of an identity provider', () => {
  const ISSUER = 'https://id.example.com';
  const pat = { subject: 'pat', name: 'Pat', issuer: ISSUER, teams: ['security-lead'], awsNames: [], emails: [] };
  const plan = { principal: { uniqueId: 'AIDAX' }, planSha256: 'a'.repeat(64), tier: 'A1' } as const;

  async function authority() {
    const keyDir = await folder();
    await ensureLocalKeys(keyDir, ['lea', 'pat']);
    const { version, people } = await shippedPolicies.people();
    return { keyDir, authority: createLocalAuthority({ keyDir, people: () => Promise.resolve({ version, people: [...people, pat] }) }) };
  }

  it('are signed with the API’s key and hold for people.yaml’s person of that issuer alone', async () => {
    const { authority: made } = await authority();
    const consent = aConsent(plan, 'pat', { issuer: ISSUER });

    expect(await made.verifyConsent(await made.signConsent('pat', consent))).toEqual({ valid: true, consent });
    const stranger = aConsent(plan, 'mallory', { issuer: ISSUER });
    expect(await made.verifyConsent(await made.signConsent('mallory', stranger))).toMatchObject({
      valid: false,
      reason: `mallory of ${ISSUER} is not in people.yaml`,
    });
  });

  it('are not made with the key of a local person of the same name, nor a local person’s with the API’s key', async () => {
    const { keyDir, authority: made } = await authority();
    const consent = aConsent(plan, 'pat', { issuer: ISSUER });

    for (const [name, typ] of [
      ['pat', 'tourniquet-consent'],
      ['pat', 'tourniquet-api-consent'],
      ['api', 'tourniquet-consent'],
      ['ingest', 'tourniquet-api-consent'],
    ] as const)
      expect(await made.verifyConsent(await signedBy(keyDir, name, { typ, body: consent })), `${name} ${typ}`).toMatchObject({
        valid: false,
      });
    for (const typ of ['tourniquet-consent', 'tourniquet-api-consent'])
      expect(await made.verifyConsent(await signedBy(keyDir, 'api', { typ, body: aConsent(plan, 'lea') })), typ).toMatchObject({
        valid: false,
      });
  });

  it('are never made in the name of a key of this installation', async () => {
    const { authority: made } = await authority();

    for (const name of ['ingest', 'api'])
      await expect(made.signConsent(name, aConsent(plan, name))).rejects.toThrow(`${name} is the name of a key of this installation`);
  });
});

describe('the board', () => {
  const row = {
    incidentId: 'INC-20260301-AAAAAAAA',
    workflowId: 'incident/111122223333/user/x',
    severity: 'HIGH',
    phase: 'responding',
    clock: '1-breached',
    waitingFor: '<script>alert(1)</script>',
    owner: '"><img src=x onerror=alert(1)>',
    containment: 'proven',
    nextDeadline: '2026-03-01T13:20:00.000Z',
  };

  it('counts down to each deadline and escapes what others chose', () => {
    const page = renderBoard([row], NOW);

    expect(page).toContain('in 1 h 20 min');
    expect(page).toContain('breached');
    expect(page).toContain('1 open, 1 with a breached clock');
    expect(page).toContain('&lt;script');
    expect(page).not.toMatch(/<script|<img/);
  });

  it('says so when there is nothing', () => {
    expect(renderBoard([], NOW)).toContain('No open incidents.');
  });
});

it('takes receipts and signed records out of a state, at any depth', () => {
  const state = {
    alerts: { kept: [{ receipt: 'a.b.c', alertId: '1' }] },
    tasks: [{ answers: [{ record: 'd.e.f' }] }],
    record: { kept: true },
  };

  expect(withoutAuthority(state)).toEqual({
    alerts: { kept: [{ receipt: 'withheld.withheld.withheld', alertId: '1' }] },
    tasks: [{ answers: [{ record: 'withheld.withheld.withheld' }] }],
    record: { kept: true },
  });
});

it('writes counters and histograms as Prometheus reads them', () => {
  const metrics = createMetrics();
  const requests = metrics.counter('requests_total', 'Requests.');
  const seconds = metrics.histogram('seconds', 'Seconds.', [0.1, 1]);

  requests.add({ route: '/a"b\\c\nd' });
  requests.add({ route: '/a"b\\c\nd' }, 2);
  seconds.observe({ route: '/a' }, 0.05);
  seconds.observe({ route: '/a' }, 5);

  expect(metrics.text().split('\n')).toEqual([
    '# HELP requests_total Requests.',
    '# TYPE requests_total counter',
    'requests_total{route="/a\\"b\\\\c\\nd"} 3',
    '# HELP seconds Seconds.',
    '# TYPE seconds histogram',
    'seconds_bucket{route="/a",le="0.1"} 1',
    'seconds_bucket{route="/a",le="1"} 1',
    'seconds_bucket{route="/a",le="+Inf"} 2',
    'seconds_sum{route="/a"} 5.05',
    'seconds_count{route="/a"} 2',
    '',
  ]);
});
