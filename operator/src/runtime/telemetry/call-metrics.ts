import { isWrite, methodOf } from '../transport/call.ts';
import type { CallRecord } from '../transport/transport.ts';
import type { MetricFactory } from './factory.ts';

const buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/**
 * rest_client_*: client-go's names, and `kube_api_writes_total`, which tells by verb and kind what this process has
 * changed: at rest it stands still but for the lease.
 */
export function createCallMetrics(factory: MetricFactory, host: string): (record: CallRecord) => void {
  const requests = factory.counter('rest_client_requests_total', 'Requests to the API server', [
    'code',
    'method',
    'host',
  ]);
  const retries = factory.counter('rest_client_request_retries_total', 'Requests that were repeated', [
    'code',
    'verb',
    'host',
  ]);
  const labels = ['verb', 'host'] as const;
  const seconds = factory.histogram('rest_client_request_duration_seconds', 'Time per request', { labels, buckets });
  const writes = factory.counter('kube_api_writes_total', 'Requests that change the cluster', [
    'verb',
    'kind',
    'subresource',
  ]);
  return ({ verb, kind, subresource, code, durationMs, attempt }) => {
    const codeText = code === 0 ? '<error>' : String(code);
    requests.inc({ code: codeText, method: methodOf(verb), host });
    if (attempt > 1) retries.inc({ code: codeText, verb, host });
    seconds.observe({ verb, host }, durationMs / 1000);
    if (isWrite(verb)) writes.inc({ verb, kind, subresource });
  };
}
