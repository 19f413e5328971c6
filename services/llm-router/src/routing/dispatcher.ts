import type { Clock } from '@genai-platform/common';
import { countsOf, type TokenCounts } from '../api/token-counts.ts';
import type { Call, Worded } from '../providers/provider.ts';
import type { Admission, QuotaGate } from '../quotas/quota-gate.ts';
import type { UsageBook } from '../usage/usage-book.ts';
import { firstAnswer, type Try } from './attempts.ts';
import type { Breaker } from './breaker.ts';
import type { Asked, CachedReply, Named, Routed, RoutedStream } from './asked.ts';
import type { Caller } from './caller.ts';
import { newDecision, type Decision } from './decision.ts';
import type { DecisionLog } from './decision-log.ts';
import type { PriceBook, PricedTokens } from './price-book.ts';
import { amountsOf, estimateCounts, estimateTokens } from './request-estimate.ts';
import type { Route, Target } from './route-book.ts';
import type { RouteBooks } from './route-books.ts';
import { OpenStream, type Batch } from './routed-stream.ts';
import type { RouterMetrics } from './router-metrics.ts';
import { targetOrder } from './target-order.ts';
import type { TargetStates } from './target-states.ts';

export interface DispatcherOptions {
  readonly books: RouteBooks;
  readonly clock: Clock;
  readonly states: TargetStates;
  readonly decisions: DecisionLog;
  readonly metrics: RouterMetrics;
  readonly prices: PriceBook;
  /** Absent without a database. */
  readonly gate?: QuotaGate | undefined;
  readonly usage?: UsageBook | undefined;
}

interface Begun<T> {
  readonly decision: Decision;
  ask(attempt: Try<T>): Promise<{ target: Target; answer: T }>;
  finish(outcome: Decision['outcome'], usage: TokenCounts | undefined): void;
}

/** Of a request that has nothing written. */
const ONE_REQUEST = { micros: 0, tokens: 0, requests: 1 };
const SOLD_BY_TOKENS: ReadonlySet<string> = new Set(['chat', 'completions', 'embeddings']);

/** Takes requests to the targets of their routes, within what may be used, and keeps account of how that went. */
export class Dispatcher {
  readonly #options: DispatcherOptions;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  async whole<R extends Named, A extends object>(
    asked: Asked<R>,
    caller: Caller,
    attempt: (target: Target, call: Call<R>) => Promise<Worded<A>>,
  ): Promise<Routed<Worded<A>>> {
    const begun = await this.#begin<Worded<A>>(asked, caller);
    const { request } = asked;
    try {
      const { answer } = await begun.ask((target, signal) => attempt(target, { model: target.model, request, signal }));
      begun.finish('answered', usageOf(asked, answer.value));
      return { answer, decision: begun.decision };
    } catch (error) {
      begun.finish(caller.signal.aborted ? 'abandoned' : 'failed', undefined);
      throw error;
    }
  }

  /** Resolves when the first events have come. */
  async stream<R extends Named, C extends object>(
    asked: Asked<R>,
    caller: Caller,
    attempt: (target: Target, call: Call<R>) => AsyncIterable<Batch<C>>,
  ): Promise<RoutedStream<C>> {
    const begun = await this.#begin<OpenStream<C>>(asked, caller);
    const { request } = asked;
    const { decision } = begun;
    try {
      const { target, answer } = await begun.ask((candidate, signal) => {
        const start = (life: AbortSignal): AsyncIterable<Batch<C>> =>
          attempt(candidate, { model: candidate.model, request, signal: life });
        return OpenStream.open(start, signal, caller.signal);
      });
      return {
        decision,
        batches: () => answer.batches(target),
        finish: (error) => {
          decision.broken_by = error === undefined ? null : messageOf(error);
          const outcome = error === undefined ? 'answered' : caller.signal.aborted ? 'abandoned' : 'broken-off';
          if (outcome === 'broken-off') this.#options.states.of(target).breaker.fail();
          // Whoever goes before the end is not told what it took: about a token an event.
          const estimate = { ...estimateTokens(request, 0), completion_tokens: answer.events, estimated: true };
          begun.finish(outcome, answer.usage ?? estimate);
        },
      };
    } catch (error) {
      begun.finish(caller.signal.aborted ? 'abandoned' : 'failed', undefined);
      throw error;
    }
  }

  /** Records an answer that nobody had to be asked for. */
  cached(asked: Asked<Named>, caller: Caller, found: CachedReply, usage: TokenCounts | undefined): Decision {
    const startedAtMs = performance.now();
    const { decision } = this.#decide(asked, caller);
    decision.cache = found.cache;
    decision.cache_similarity = found.similarity ?? null;
    decision.target = found.target;
    this.#finish(decision, { outcome: 'answered', usage, startedAtMs }, caller);
    return decision;
  }

  async #begin<T>(asked: Asked<Named>, caller: Caller): Promise<Begun<T>> {
    const startedAtMs = performance.now();
    const { decision, route, targets } = this.#decide(asked, caller);
    const admission = await this.#admit(asked, caller, { decision, targets, startedAtMs });
    const { states } = this.#options;
    return {
      decision,
      ask: async (attempt) => {
        const { signal } = caller;
        const endsAtMs = startedAtMs + route.deadlineMs;
        const breakerOf = (target: Target): Breaker => states.of(target).breaker;
        const found = await firstAnswer({ targets, breakerOf, signal, endsAtMs, startedAtMs, decision }, attempt);
        decision.target = found.target.id;
        states.learn(found.target, decision.attempts.at(-1)?.duration_ms ?? 0);
        return found;
      },
      finish: (outcome, usage) => {
        this.#finish(decision, { outcome, usage, startedAtMs }, caller);
        const { cost_micros: micros, prompt_tokens: read, completion_tokens: written } = decision;
        admission?.settle({ micros, tokens: read + written, requests: decision.target === null ? 0 : 1 });
      },
    };
  }

  #decide(
    { operation, orElse, request, cache }: Asked<Named>,
    caller: Caller,
  ): { decision: Decision; route: Route; targets: readonly Target[] } {
    const { books, clock, decisions } = this.#options;
    const route = books
      .of(caller.tenant)
      .find(request.model, operation === 'count_tokens' ? 'chat' : operation, orElse);
    const targets = this.#order(route);
    const decision = newDecision({ operation, route, targets, caller, nowMs: clock.now(), cache });
    decisions.add(decision);
    return { decision, route, targets };
  }

  async #admit(
    { operation, request }: Asked<Named>,
    caller: Caller,
    { decision, targets, startedAtMs }: { decision: Decision; targets: readonly Target[]; startedAtMs: number },
  ): Promise<Admission | undefined> {
    const { gate, prices } = this.#options;
    if (gate === undefined) return undefined;
    try {
      const admitting = gate.admit(caller, () =>
        operation === 'count_tokens' ? ONE_REQUEST : amountsOf(request, targets, prices),
      );
      const admission = admitting instanceof Promise ? await admitting : admitting;
      decision.quotas = admission.quotas;
      return admission;
    } catch (error) {
      decision.refused_by = messageOf(error);
      this.#finish(decision, { outcome: 'failed', usage: undefined, startedAtMs }, caller);
      throw error;
    }
  }

  #order(route: Route): readonly Target[] {
    const { prices, states } = this.#options;
    return targetOrder(route, {
      costOf: (target) => prices.usualCost(target),
      latencyOf: (target) => states.of(target).latencyMs,
      random: Math.random,
    });
  }

  #finish(
    decision: Decision,
    {
      outcome,
      usage,
      startedAtMs,
    }: { outcome: Decision['outcome']; usage: TokenCounts | undefined; startedAtMs: number },
    { subject, apiKey }: Caller,
  ): void {
    const { prices, metrics, usage: book } = this.#options;
    decision.outcome = outcome;
    count(decision, usage);
    decision.duration_ms = Math.round((performance.now() - startedAtMs) * 10) / 10;
    if (decision.target !== null) {
      const isCached = decision.cache === 'hit' || decision.cache === 'semantic-hit';
      decision.cost_micros = isCached ? 0 : prices.cost(decision.target, pricedTokens(decision));
      decision.price_version = prices.version;
    }
    metrics.finished(decision);
    book?.add(decision, { subject, apiKey });
  }
}

function count(decision: Decision, usage: TokenCounts = {}): void {
  const { prompt_tokens_details: cache } = usage;
  decision.prompt_tokens = usage.prompt_tokens ?? usage.total_tokens ?? 0;
  decision.completion_tokens = usage.completion_tokens ?? 0;
  decision.cache_read_tokens = cache?.cached_tokens ?? 0;
  decision.cache_write_tokens = cache?.cache_write_tokens ?? 0;
  decision.usage_estimated = usage.estimated === true;
}

/** What a whole answer took; of those that are sold by tokens it is estimated where the provider does not say it. */
function usageOf({ operation, request }: Asked<Named>, answer: object): TokenCounts | undefined {
  return countsOf(answer) ?? (SOLD_BY_TOKENS.has(operation) ? estimateCounts(request, answer) : undefined);
}

function pricedTokens(decision: Decision): PricedTokens {
  return {
    prompt: decision.prompt_tokens,
    completion: decision.completion_tokens,
    cacheRead: decision.cache_read_tokens,
    cacheWrite: decision.cache_write_tokens,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
