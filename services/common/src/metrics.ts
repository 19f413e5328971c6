import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const NOUN_AND_UNIT =
  /^[a-z][a-z0-9_]*_(seconds|bytes|total|ratio|count|info|connections|requests|streams|jobs|items|tokens|rows)$/;

export interface MetricOptions<L extends string> {
  /** Noun and unit, such as `query_duration_seconds`; the registry puts `genai_<service>_` before it. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly L[];
}

/** The metrics of one process, under names `genai_<service>_<noun>_<unit>`. */
export class Metrics {
  readonly registry: Registry = new Registry();
  readonly #prefix: string;

  constructor(service: string) {
    this.#prefix = `genai_${service.replaceAll('-', '_')}_`;
  }

  counter<L extends string = never>(options: MetricOptions<L>): Counter<L> {
    return new Counter(this.#settings(options));
  }

  /** @param collect sets the value when it is scraped */
  gauge<L extends string = never>(options: MetricOptions<L> & { collect?: (gauge: Gauge<L>) => void }): Gauge<L> {
    const { collect } = options;
    const settings = this.#settings(options);
    if (collect === undefined) return new Gauge(settings);
    return new Gauge<L>({
      ...settings,
      collect() {
        collect(this);
      },
    });
  }

  /** @param buckets upper bounds, in the metric's unit */
  histogram<L extends string = never>(options: MetricOptions<L> & { buckets: readonly number[] }): Histogram<L> {
    return new Histogram({ ...this.#settings(options), buckets: [...options.buckets] });
  }

  /** Adds the process's own metrics: CPU, memory, garbage collection, event-loop lag. */
  collectProcess(): this {
    collectDefaultMetrics({ register: this.registry });
    return this;
  }

  #settings<L extends string>(options: MetricOptions<L>): MetricSettings<L> {
    if (!NOUN_AND_UNIT.test(options.name)) throw new Error(`metric ${options.name} does not end in a known unit`);
    return {
      name: this.#prefix + options.name,
      help: options.help,
      labelNames: [...(options.labels ?? [])],
      registers: [this.registry],
    };
  }
}

interface MetricSettings<L extends string> {
  name: string;
  help: string;
  labelNames: L[];
  registers: Registry[];
}
