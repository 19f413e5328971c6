import { Metrics } from '../src/metrics.ts';

test('puts product and service before every name', async () => {
  const metrics = new Metrics('format-conversion');
  metrics.counter({ name: 'documents_total', help: 'Documents', labels: ['format'] }).inc({ format: 'pdf' });
  metrics.histogram({ name: 'conversion_duration_seconds', help: 'Time', buckets: [1] }).observe(0.5);
  metrics.gauge({ name: 'queue_items', help: 'Waiting', collect: (gauge) => gauge.set(7) });
  const text = await metrics.registry.metrics();
  expect(text).toContain('genai_format_conversion_documents_total{format="pdf"} 1');
  expect(text).toContain('genai_format_conversion_conversion_duration_seconds_bucket{le="1"} 1');
  expect(text).toContain('genai_format_conversion_queue_items 7');
});

test('refuses a name without a unit', () => {
  expect(() => new Metrics('search').counter({ name: 'documents', help: 'Documents' })).toThrow('known unit');
});
