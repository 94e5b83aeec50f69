import { expect, it } from 'vitest';
import { mintIncidentId } from '../../../src/domain/alerts/incident-id.js';
import { intakeId } from '../../../src/domain/alerts/intake-id.js';
import { toInstant } from '../../../src/ingest/timestamps.js';
import { aFinding, alertOf } from './samples.js';

it.each([
  ['2025-02-25 20:40:06.721', '2025-02-25T20:40:06.721Z'],
  ['2025-02-25 20:40:06.000000000', '2025-02-25T20:40:06.000Z'],
  ['2017-12-08T15:32:49Z', '2017-12-08T15:32:49.000Z'],
  ['2024-02-17T11:53:08.431+0000', '2024-02-17T11:53:08.431Z'],
  ['2024-02-17T13:53:08+02:00', '2024-02-17T11:53:08.000Z'],
  ['Wed, 12 Feb 2025 00:37:54 GMT', '2025-02-12T00:37:54.000Z'],
  ['1672531200', '2023-01-01T00:00:00.000Z'],
  [1_672_531_200, '2023-01-01T00:00:00.000Z'],
  [1_672_531_200_000, '2023-01-01T00:00:00.000Z'],
  ['yesterday', undefined],
  ['2025-13-45T99:99:99Z', undefined],
  [-5, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [{}, undefined],
])('reads the time %s', (value, expected) => {
  expect(toInstant(value)).toBe(expected);
});

it('mints incident ids of the day with 8 characters that can be read out', () => {
  const ids = Array.from({ length: 200 }, () => mintIncidentId(new Date('2026-03-01T23:59:00Z')));

  for (const id of ids) expect(id).toMatch(/^INC-20260301-[0-9A-HJKMNP-TV-Z]{8}$/);
  expect(new Set(ids).size).toBe(200);
});

it('names the intake by source, alert and body: a re-delivery has the same name, an update another', () => {
  const [first, again, update] = [aFinding(), { ...aFinding(), id: 'another delivery' }, aFinding({ service: { count: 2 } })].map(
    (message) => intakeId(alertOf(message)),
  );

  expect(first).toMatch(/^alert\/guardduty\/[0-9a-f]{32}\/[0-9a-f]{32}$/);
  expect(again).toBe(first);
  expect(update?.split('/').slice(0, 3)).toEqual(first?.split('/').slice(0, 3));
  expect(update).not.toBe(first);
});
