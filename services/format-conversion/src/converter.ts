import type { Metrics } from '@genai-platform/common';
import type { Limits } from './domain/limits.ts';
import { outcomeOf, poolError } from './errors.ts';
import type { IncomingConversion, IncomingDocument } from './incoming-document.ts';
import type { ConversionPool } from './pool/conversion-pool.ts';
import type { ConvertOutcome, DetectOutcome, Outcome, Task } from './pool/task.ts';

export interface ConverterOptions {
  pool: ConversionPool;
  limits: Limits;
  metrics: Metrics;
}

type Observe = (seconds: number, labels: { kind: string; outcome: string }) => void;

/** Conversions and detections for the routes: through the pool, counted, with errors that callers understand. */
export class Converter {
  readonly #pool: ConversionPool;
  readonly #limits: Limits;
  readonly #observe: Observe;

  constructor({ pool, limits, metrics }: ConverterOptions) {
    this.#pool = pool;
    this.#limits = limits;
    this.#observe = observer(metrics);
    metrics.gauge({
      name: 'pool_requests',
      help: 'Tasks in the worker pool',
      labels: ['state'],
      collect: (gauge) => {
        gauge.set({ state: 'running' }, pool.running);
        gauge.set({ state: 'queued' }, pool.queued);
      },
    });
  }

  /** @throws AppError */
  async convert({ input, from, to, hints, options }: IncomingConversion, signal: AbortSignal): Promise<ConvertOutcome> {
    return (await this.#run(
      { kind: 'convert', input, from, to, hints: plain(hints), options, limits: this.#limits },
      signal,
    )) as ConvertOutcome;
  }

  /** @throws AppError */
  async detect({ input, hints }: IncomingDocument, signal: AbortSignal): Promise<DetectOutcome> {
    return (await this.#run(
      { kind: 'detect', input, hints: plain(hints), limits: this.#limits },
      signal,
    )) as DetectOutcome;
  }

  /** Loads the workers' code before the first request needs it. */
  async warmUp(): Promise<void> {
    const input = Buffer.from('# Ready');
    await this.#pool.warmUp({
      kind: 'convert',
      input,
      from: 'md',
      to: 'html',
      hints: {},
      options: {},
      limits: this.#limits,
    });
  }

  async #run(task: Task, signal: AbortSignal): Promise<Outcome> {
    const start = performance.now();
    let outcome = 'failed';
    try {
      const answer = await this.#pool.run(task, signal);
      outcome = answer.state;
      return outcomeOf(answer);
    } catch (error) {
      throw poolError(error);
    } finally {
      this.#observe((performance.now() - start) / 1_000, { kind: task.kind, outcome });
    }
  }
}

/** Only what can be cloned between processes. */
function plain({ filename, contentType }: IncomingDocument['hints']): IncomingDocument['hints'] {
  return { filename, contentType };
}

function observer(metrics: Metrics): Observe {
  const histogram = metrics.histogram({
    name: 'task_duration_seconds',
    help: 'Duration of conversions and detections, waiting included',
    labels: ['kind', 'outcome'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60],
  });
  return (seconds, labels) => histogram.observe(labels, seconds);
}
