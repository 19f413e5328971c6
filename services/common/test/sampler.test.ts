import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { ReservoirSampler } from '../src/sampler.ts';

const RECORD_AND_SAMPLED: number = SamplingDecision.RECORD_AND_SAMPLED;

/** A trace id of which the sampler's share is `fraction` (0 to 1). */
const traceIdAt = (fraction: number): string =>
  'a'.repeat(24) +
  Math.floor(fraction * 0xffff_ffff)
    .toString(16)
    .padStart(8, '0');

function sampler(): { at: (ms: number) => void; samples: (fraction: number) => boolean } {
  let now = 0;
  const it = new ReservoirSampler(1, 0.05, { now: () => now, sleep: async () => undefined });
  return {
    at: (ms) => (now = ms),
    samples: (fraction) =>
      (it.shouldSample(ROOT_CONTEXT, traceIdAt(fraction)).decision as number) === RECORD_AND_SAMPLED,
  };
}

test('takes the first request of each second, whatever its trace id', () => {
  const { at, samples } = sampler();
  at(5_000);
  expect(samples(0.99)).toBe(true);
  expect(samples(0.99)).toBe(false);
  at(5_999);
  expect(samples(0.99)).toBe(false);
  at(6_000);
  expect(samples(0.99)).toBe(true);
});

test('takes 5 % of what exceeds the reservoir', () => {
  const { at, samples } = sampler();
  at(1_000);
  samples(0.99);
  expect(samples(0.0499)).toBe(true);
  expect(samples(0.0501)).toBe(false);
  const taken = Array.from({ length: 10_000 }, (_, i) => samples((i + 0.5) / 10_000)).filter(Boolean).length;
  expect(taken).toBe(500);
});

test.each([
  [1, true],
  [0, false],
])('keeps what the caller decided (flags %i)', (traceFlags, expected) => {
  const spanContext = {
    traceId: traceIdAt(expected ? 0.99 : 0.001),
    spanId: '1'.repeat(16),
    traceFlags,
    isRemote: true,
  };
  const parent = trace.setSpanContext(ROOT_CONTEXT, spanContext);
  const decision: number = new ReservoirSampler().shouldSample(parent, spanContext.traceId).decision;
  expect(decision === RECORD_AND_SAMPLED).toBe(expected);
});
