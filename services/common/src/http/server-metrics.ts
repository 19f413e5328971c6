import type { Metrics } from '../metrics.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface ServerMetrics {
  begin(): void;
  end(method: string, route: string, status: number, seconds: number): void;
}

/** The HTTP server's metrics: time per route pattern, and requests in flight. */
export function createServerMetrics(metrics: Metrics): ServerMetrics {
  const duration = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its reply',
    labels: ['method', 'route', 'status'],
    buckets: SECONDS,
  });
  const inFlight = metrics.gauge({ name: 'http_in_flight_requests', help: 'Requests being answered now' });
  return {
    begin: () => inFlight.inc(),
    end: (method, route, status, seconds) => {
      inFlight.dec();
      duration.observe({ method: METHODS.has(method) ? method : 'other', route, status }, seconds);
    },
  };
}
