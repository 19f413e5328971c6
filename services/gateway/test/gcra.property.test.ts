import fc from 'fast-check';
import { gcra } from '../src/domain/gcra.ts';
import { RouteTable } from '../src/domain/route-table.ts';

/** A token bucket, which the algorithm is equivalent to. */
function bucketAllows(timesMs: readonly number[], perSecond: number, burst: number): boolean[] {
  let tokens = burst;
  let lastMs = timesMs[0] ?? 0;
  return timesMs.map((nowMs) => {
    tokens = Math.min(burst, tokens + ((nowMs - lastMs) * perSecond) / 1_000);
    lastMs = nowMs;
    if (tokens < 1 - 1e-6) return false;
    tokens -= 1;
    return true;
  });
}

test('allows exactly what a token bucket allows', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(gaps, fc.constantFrom(1, 2, 5, 10, 50), fc.integer({ min: 1, max: 8 }), (between, perSecond, burst) => {
      let nowMs = 1_000;
      const times = between.map((gap) => (nowMs += gap));
      let arrivalMs: number | undefined;
      const allowed = times.map((time) => {
        const step = gcra(arrivalMs, time, { perSecond, burst });
        arrivalMs = step.arrivalMs;
        return step.verdict.allowed;
      });
      expect(allowed).toEqual(bucketAllows(times, perSecond, burst));
    }),
  );
});

test('a refused client that waits as long as it was told is let in', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 10 }), (perSecond, burst) => {
      let arrivalMs: number | undefined;
      let last = gcra(arrivalMs, 0, { perSecond, burst });
      while (last.verdict.allowed) {
        arrivalMs = last.arrivalMs;
        last = gcra(arrivalMs, 0, { perSecond, burst });
      }
      const later = gcra(last.arrivalMs, last.verdict.retryAfterSeconds * 1_000, { perSecond, burst });
      expect(later.verdict.allowed).toBe(true);
    }),
  );
});

test('a path belongs to the longest prefix that ends at a slash', () => {
  const table = new RouteTable([
    { service: 'outer', prefixes: ['/v1/a'], url: 'http://outer' },
    { service: 'inner', prefixes: ['/v1/a/b'], url: 'http://inner' },
  ]);
  const owner = (url: string): string | undefined => table.find(url)?.service;
  expect(['/v1/a', '/v1/a?x', '/v1/a/bc', '/v1/a/b', '/v1/a/b/c?d', '/v1/ab', '/'].map(owner)).toEqual(
    ['outer', 'outer', 'outer', 'inner', 'inner', undefined, undefined], // prettier-ignore
  );
});
