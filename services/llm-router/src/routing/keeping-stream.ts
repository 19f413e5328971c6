import type { CachedAnswer } from '../cache/answer-cache.ts';
import type { RoutedStream } from './asked.ts';
import type { Batch } from './routed-stream.ts';

/** Puts the events of one stream together again. */
export interface Assembler<C> {
  add(event: C): void;
  /** The whole; nothing while something is missing. */
  whole(): object | undefined;
}

/** The stream, whose events are put together as they pass; what is complete is kept. */
export function keepingStream<C extends object>(
  routed: RoutedStream<C>,
  assembler: Assembler<C>,
  keep: (answer: CachedAnswer) => void,
): RoutedStream<C> {
  return {
    decision: routed.decision,
    batches: () => watched(routed.batches(), assembler),
    finish: (error) => {
      routed.finish(error);
      const whole = error === undefined ? assembler.whole() : undefined;
      if (whole) keep({ target: routed.decision.target ?? '', text: JSON.stringify(whole) });
    },
  };
}

async function* watched<C>(batches: AsyncIterable<Batch<C>>, assembler: Assembler<C>): AsyncGenerator<Batch<C>> {
  for await (const batch of batches) {
    for (const { value } of batch) assembler.add(value);
    yield batch;
  }
}
