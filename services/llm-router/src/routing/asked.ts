import type { Operation, Worded } from '../providers/provider.ts';
import type { Decision } from './decision.ts';
import type { Batch } from './routed-stream.ts';

/** Counting is asked of models that chat. */
export type AskedOperation = Operation | 'count_tokens';

/** Requests that name a model, or take the first that can. */
export interface Named {
  readonly model?: string | null | undefined;
}

export interface Asked<R extends Named> {
  readonly operation: AskedOperation;
  readonly request: R;
  /** Models that can do this will do too. */
  readonly orElse?: Operation;
  readonly cache?: Decision['cache'];
}

/** What came, from whom, and how. */
export interface Routed<T> {
  readonly answer: T;
  readonly decision: Decision;
}

/** A stream that has begun: its events, and its end by `finish`, which has to be called. */
export interface RoutedStream<C> {
  readonly decision: Decision;
  batches(): AsyncIterable<Batch<C>>;
  finish(error?: unknown): void;
}

/** An answer that was there already. */
export interface CachedReply {
  readonly cache: 'hit' | 'semantic-hit';
  readonly target: string;
  readonly similarity?: number | undefined;
}

/** An answer, and the decision that led to it. */
export type RoutedReply<A> = Promise<Routed<Worded<A>>>;
