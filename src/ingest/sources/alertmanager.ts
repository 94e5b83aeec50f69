import { unsupportedSource } from '../alert-source.js';

/** Prometheus Alertmanager webhooks. */
export const alertmanager = unsupportedSource(
  'alertmanager',
  'alertmanager',
  (body) => typeof body['groupKey'] === 'string' && Array.isArray(body['alerts']),
);
