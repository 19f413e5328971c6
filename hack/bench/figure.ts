/** One measured figure; a benchmark prints each as a line of JSON. */
export interface Figure {
  /** Dotted, for example `service.start_to_ready_ms.search`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is compared with, measured on the same machine in the same run, in words. */
  readonly yardstick?: string;
  /** Value divided by the yardstick's. */
  readonly ratio?: number;
}

/** A benchmark: measures, and returns its figures. */
export type Benchmark = (args: readonly string[]) => Promise<Figure[]>;

/** Rounds to three significant digits: more would be noise. */
export function significant(value: number): number {
  return Number(value.toPrecision(3));
}

/** The middle of measurements; of an even number, the lower one of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('there is nothing to take the median of');
  return middle;
}
