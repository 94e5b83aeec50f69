import * as guardduty from '@aws-sdk/client-guardduty';
import * as s3 from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { operationsOf } from '../../../src/range/wire/operation-schema.js';
import { createRoutes } from '../../../src/range/wire/routes.js';

const find = createRoutes(operationsOf(guardduty).values());
const findS3 = createRoutes(operationsOf(s3).values());

describe('routes', () => {
  it.each([
    { method: 'GET', path: '/detector', name: 'ListDetectors', labels: {} },
    { method: 'GET', path: '/detector/abc', name: 'GetDetector', labels: { DetectorId: 'abc' } },
    { method: 'POST', path: '/detector/a%2Fb/findings/get', name: 'GetFindings', labels: { DetectorId: 'a/b' } },
    { method: 'POST', path: '/detector/abc/findings', name: 'ListFindings', labels: { DetectorId: 'abc' } },
  ])('$method $path is $name', ({ method, path, name, labels }) => {
    const match = find({ method, path, query: {} });

    expect([match?.operation[2], match?.labels]).toEqual([name, labels]);
  });

  it('has nothing for another method or a path nobody has', () => {
    expect(find({ method: 'PATCH', path: '/detector', query: {} })).toBeUndefined();
    expect(find({ method: 'GET', path: '/no/such/thing/at/all', query: {} })).toBeUndefined();
  });

  it.each([
    [{ uploadId: '7' }, 'ListParts'],
    [{}, 'GetObject'],
    [{ 'x-id': 'GetObject' }, 'GetObject'],
    [{ retention: '' }, 'GetObjectRetention'],
  ])('takes a key over several segments, and tells GETs apart by the query %o: %s', (query, name) => {
    const match = findS3({ method: 'GET', path: '/logs/2026/11.json', query });

    expect([match?.operation[2], match?.labels]).toEqual([name, { Key: 'logs/2026/11.json' }]);
  });
});
