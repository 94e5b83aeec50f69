import { createMetrics, type Counter, type Histogram, type Metrics } from '../telemetry/metrics.js';

/** What the API counts. */
export interface ApiMetrics {
  readonly registry: Metrics;
  readonly requests: Counter;
  readonly seconds: Histogram;
  /** By source and outcome: accepted, duplicate, rejected, unavailable. */
  readonly alerts: Counter;
  /** Callers that were refused, by status. */
  readonly refused: Counter;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The API's metrics, all at zero. */
export function createApiMetrics(): ApiMetrics {
  const registry = createMetrics();
  return {
    registry,
    requests: registry.counter('tourniquet_http_requests_total', 'Requests answered, by route and status.'),
    seconds: registry.histogram('tourniquet_http_request_duration_seconds', 'Time to the answer, by route.', SECONDS),
    alerts: registry.counter('tourniquet_alerts_total', 'Alerts handed in, by source and outcome.'),
    refused: registry.counter('tourniquet_http_callers_refused_total', 'Requests refused because of who sent them, by status.'),
  };
}
