import { TraceFlags, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';

// The values of the SDK's SamplingDecision: importing the enum would load the SDK, which a process without an
// exporter never needs.
const DROP = 0 as SamplingResult['decision'];
const SAMPLE = 2 as SamplingResult['decision'];

/**
 * The sampling rule of AWS X-Ray's default: the first request of each second, and 5 % of the others; what the
 * caller decided is kept. The share is taken from the trace id, so every process of a trace would decide alike.
 */
export class ReservoirSampler implements Sampler {
  readonly #perSecond: number;
  readonly #ratio: number;
  readonly #clock: Clock;
  #second = -1;
  #used = 0;

  /** @param perSecond size of the reservoir; @param ratio share of what exceeds it, 0 to 1 */
  constructor(perSecond = 1, ratio = 0.05, clock: Clock = systemClock) {
    this.#perSecond = perSecond;
    this.#ratio = ratio;
    this.#clock = clock;
  }

  shouldSample(context: Context, traceId: string): SamplingResult {
    const parent = trace.getSpanContext(context);
    if (parent !== undefined && isSpanContextValid(parent)) {
      return { decision: (parent.traceFlags & TraceFlags.SAMPLED) !== 0 ? SAMPLE : DROP };
    }
    return { decision: this.#takeFromReservoir() || this.#withinRatio(traceId) ? SAMPLE : DROP };
  }

  toString(): string {
    return `ReservoirSampler{${this.#perSecond}/s,${this.#ratio}}`;
  }

  #takeFromReservoir(): boolean {
    const second = Math.floor(this.#clock.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#used = 0;
    }
    if (this.#used >= this.#perSecond) return false;
    this.#used += 1;
    return true;
  }

  /** The last 7 bytes of a trace id are random (W3C Trace Context level 2); 4 of them are enough here. */
  #withinRatio(traceId: string): boolean {
    return Number.parseInt(traceId.slice(-8), 16) < this.#ratio * 0x1_0000_0000;
  }
}
