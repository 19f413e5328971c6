import { FakeClock, startValkey } from '@genai-platform/common/testing';
import type { TestValkey } from '@genai-platform/common/testing';
import { Redis } from 'ioredis';
import { LeasedRateLimiter } from '../src/limits/leased-rate-limiter.ts';
import type { LeaseSource } from '../src/limits/rate-limiter.ts';
import { RedisRateLimiter } from '../src/limits/redis-rate-limiter.ts';

const rate = { perSecond: 0.01, burst: 2_000 };
let valkey: TestValkey;
let redis: Redis;

beforeAll(async () => {
  valkey = await startValkey();
  redis = new Redis({ host: valkey.host, port: valkey.port });
});

afterAll(async () => {
  redis.disconnect();
  await valkey.stop();
});

/** Counts the round trips. */
function counted(source: LeaseSource): LeaseSource & { trips: number } {
  const wrapped = {
    trips: 0,
    lease: (client: string, wanted: typeof rate, count: number) => {
      wrapped.trips += 1;
      return source.lease(client, wanted, count);
    },
  };
  return wrapped;
}

test('a busy client costs one round trip for many requests, and gets exactly its burst', async () => {
  const source = counted(new RedisRateLimiter(redis));
  const limiter = new LeasedRateLimiter(source, new FakeClock());
  let allowed = 0;
  for (let i = 0; i < 2_100; i += 1) if ((await limiter.take('busy', rate)).allowed) allowed += 1;
  expect(allowed).toBe(2_000);
  expect(source.trips).toBeLessThan(2_000 / 10);
});

test('two gateways together never allow more than the burst, whatever leases they lose', async () => {
  const clock = new FakeClock();
  const pods = [0, 1].map(() => new LeasedRateLimiter(new RedisRateLimiter(redis), clock));
  let allowed = 0;
  for (let i = 0; i < 3_000; i += 1) {
    if (i % 100 === 0) await clock.advance(200);
    if ((await (pods[i % 2] as LeasedRateLimiter).take('shared', rate)).allowed) allowed += 1;
  }
  expect(allowed).toBeLessThanOrEqual(2_000);
  expect(allowed).toBeGreaterThan(1_000);
});

test('requests at the same moment share one round trip after another, and none is allowed twice', async () => {
  const source = counted(new RedisRateLimiter(redis));
  const limiter = new LeasedRateLimiter(source, new FakeClock());
  const verdicts = await Promise.all(
    Array.from({ length: 64 }, async () => limiter.take('crowd', { perSecond: 0.01, burst: 40 })),
  );
  expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(40);
});

test('a small burst is counted one by one', async () => {
  const limiter = new LeasedRateLimiter(new RedisRateLimiter(redis), new FakeClock());
  const small = { perSecond: 0.01, burst: 3 };
  const remaining: number[] = [];
  for (let i = 0; i < 3; i += 1) remaining.push((await limiter.take('small', small)).remaining);
  expect(remaining).toEqual([2, 1, 0]);
  expect((await limiter.take('small', small)).retryAfterSeconds).toBeGreaterThan(90);
});

test('what the shared limiter cannot say, is not made up', async () => {
  const broken: LeaseSource = { lease: () => Promise.reject(new Error('away')) };
  const limiter = new LeasedRateLimiter(broken, new FakeClock());
  const results = await Promise.allSettled(Array.from({ length: 8 }, async () => limiter.take('any', rate)));
  expect(results.map(({ status }) => status)).toEqual(Array(8).fill('rejected'));
});
