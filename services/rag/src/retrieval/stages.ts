import { SpanStatusCode, trace } from '@opentelemetry/api';

/** What one stage of an answer took, and what it says of itself. */
export interface Stage {
  readonly name: string;
  /** Since the beginning of the request. */
  readonly started_ms: number;
  readonly duration_ms: number;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export type StageDetails = Record<string, string | number | boolean | null>;

const tracer = trace.getTracer('@genai-platform/rag');

/** Measures the stages of a request: for its trace, and as spans. */
export class Stages {
  readonly #startedMs = performance.now();
  readonly #stages: Stage[] = [];

  /** In the order in which they began. */
  get list(): readonly Stage[] {
    return this.#stages.toSorted((a, b) => a.started_ms - b.started_ms);
  }

  get elapsedMs(): number {
    return rounded(performance.now() - this.#startedMs);
  }

  /** Runs a stage, which may fill in what is to be known of it. */
  async run<T>(name: string, work: (details: StageDetails) => T | Promise<T>): Promise<T> {
    const details: StageDetails = {};
    const fromMs = performance.now();
    return await tracer.startActiveSpan(`rag.${name}`, async (span) => {
      try {
        return await work(details);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        for (const [key, value] of Object.entries(details)) if (value !== null) span.setAttribute(`rag.${key}`, value);
        span.end();
        const [started_ms, duration_ms] = [fromMs - this.#startedMs, performance.now() - fromMs].map(rounded);
        this.#stages.push({ name, started_ms: started_ms as number, duration_ms: duration_ms as number, details });
      }
    });
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
