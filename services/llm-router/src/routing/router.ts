import type { Clock } from '@genai-platform/common';
import type { ChatCompletion, ChatRequest, Usage } from '../api/chat-schemas.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../api/embedding-schemas.ts';
import type { Operation, Provider, Worded } from '../providers/provider.ts';
import { firstAnswer, type Try } from './attempts.ts';
import { Breaker, type BreakerOptions } from './breaker.ts';
import type { Decision } from './decision.ts';
import type { DecisionLog } from './decision-log.ts';
import type { PriceBook } from './price-book.ts';
import type { Route, RouteBook, Target } from './route-book.ts';
import { OpenStream, type Batch } from './routed-stream.ts';
import type { RouterMetrics } from './router-metrics.ts';
import { targetOrder } from './target-order.ts';

/** Who asks, and how to tell that nobody waits any more. */
export interface Caller {
  readonly tenant: string;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** What came, from whom, and how. */
export interface Routed<T> {
  readonly answer: T;
  readonly decision: Decision;
}

/** A stream that has begun: its events, and its end by `finish`, which has to be called. */
export interface RoutedStream {
  readonly decision: Decision;
  batches(): AsyncIterable<Batch>;
  finish(error?: unknown): void;
}

export interface RouterOptions {
  readonly book: RouteBook;
  readonly clock: Clock;
  readonly breaker: BreakerOptions;
  readonly decisions: DecisionLog;
  readonly metrics: RouterMetrics;
  readonly prices: PriceBook;
}

interface TargetState {
  readonly breaker: Breaker;
  latencyMs: number | undefined;
}

const SMOOTHING = 0.2;

/** Sends requests to the targets of their routes, and keeps account of how that went. */
export class Router {
  readonly book: RouteBook;
  readonly decisions: DecisionLog;
  readonly #options: RouterOptions;
  readonly #states = new Map<string, TargetState>();

  constructor(options: RouterOptions) {
    this.#options = options;
    this.book = options.book;
    this.decisions = options.decisions;
  }

  chat(request: ChatRequest, caller: Caller): Promise<Routed<Worded<ChatCompletion>>> {
    return this.#whole('chat', request.model, caller, ({ provider, model }, signal) =>
      provider.chat({ model, request, signal }),
    );
  }

  embed(request: EmbeddingRequest, caller: Caller): Promise<Routed<Worded<EmbeddingReply>>> {
    return this.#whole('embeddings', request.model, caller, ({ provider, model }, signal) =>
      provider.embed({ model, request, signal }),
    );
  }

  /** Resolves when the first events have come. */
  async streamChat(request: ChatRequest, caller: Caller): Promise<RoutedStream> {
    const startedAtMs = performance.now();
    const { decision, ask } = this.#begin<OpenStream>('chat', request.model, caller, startedAtMs);
    try {
      const { target, answer } = await ask(({ provider, model }, signal) =>
        OpenStream.open((life) => provider.streamChat({ model, request, signal: life }), signal, caller.signal),
      );
      return {
        decision,
        batches: () => answer.batches(target),
        finish: (error) => {
          decision.broken_by = error === undefined ? null : messageOf(error);
          const outcome = error === undefined ? 'answered' : caller.signal.aborted ? 'abandoned' : 'broken-off';
          if (outcome === 'broken-off') this.#stateOf(target).breaker.fail();
          this.#finish(decision, outcome, answer.usage, startedAtMs);
        },
      };
    } catch (error) {
      this.#finish(decision, caller.signal.aborted ? 'abandoned' : 'failed', undefined, startedAtMs);
      throw error;
    }
  }

  /** How each known target is doing. */
  health(): { target: string; state: string; latency_ms: number | null }[] {
    return [...this.#states].map(([target, { breaker, latencyMs }]) => ({
      target,
      state: breaker.state,
      latency_ms: latencyMs === undefined ? null : Math.round(latencyMs * 10) / 10,
    }));
  }

  async #whole<T extends { readonly usage?: Partial<Usage> | null | undefined }>(
    operation: Operation,
    model: string,
    caller: Caller,
    attempt: Try<Worded<T>>,
  ): Promise<Routed<Worded<T>>> {
    const startedAtMs = performance.now();
    const { decision, ask } = this.#begin<Worded<T>>(operation, model, caller, startedAtMs);
    try {
      const { answer } = await ask(attempt);
      this.#finish(decision, 'answered', answer.value.usage ?? undefined, startedAtMs);
      return { answer, decision };
    } catch (error) {
      this.#finish(decision, caller.signal.aborted ? 'abandoned' : 'failed', undefined, startedAtMs);
      throw error;
    }
  }

  #begin<T>(
    operation: Operation,
    model: string,
    caller: Caller,
    startedAtMs: number,
  ): { decision: Decision; ask: (attempt: Try<T>) => Promise<{ target: Target; answer: T }> } {
    const route = this.book.find(model, operation);
    const targets = this.#order(route);
    const decision = newDecision({ operation, route, targets, caller, nowMs: this.#options.clock.now() });
    this.decisions.add(decision);
    const ask = async (attempt: Try<T>): Promise<{ target: Target; answer: T }> => {
      const { signal } = caller;
      const endsAtMs = startedAtMs + route.deadlineMs;
      const breakerOf = (target: Target): Breaker => this.#stateOf(target).breaker;
      const found = await firstAnswer({ targets, breakerOf, signal, endsAtMs, startedAtMs, decision }, attempt);
      decision.target = found.target.id;
      this.#learn(found.target, decision.attempts.at(-1)?.duration_ms ?? 0);
      return found;
    };
    return { decision, ask };
  }

  #order(route: Route): readonly Target[] {
    return targetOrder(route, {
      costOf: (target) => this.#options.prices.usualCost(target),
      latencyOf: (target) => this.#stateOf(target).latencyMs,
      random: Math.random,
    });
  }

  #stateOf({ id }: Target): TargetState {
    let state = this.#states.get(id);
    if (state === undefined) {
      state = { breaker: new Breaker(this.#options.breaker, this.#options.clock), latencyMs: undefined };
      this.#states.set(id, state);
    }
    return state;
  }

  #learn(target: Target, ms: number): void {
    const state = this.#stateOf(target);
    state.latencyMs = state.latencyMs === undefined ? ms : state.latencyMs + SMOOTHING * (ms - state.latencyMs);
  }

  #finish(decision: Decision, outcome: Decision['outcome'], usage: Partial<Usage> | undefined, begin: number): void {
    decision.outcome = outcome;
    decision.duration_ms = Math.round((performance.now() - begin) * 10) / 10;
    decision.prompt_tokens = usage?.prompt_tokens ?? 0;
    decision.completion_tokens = usage?.completion_tokens ?? 0;
    if (decision.target !== null) {
      const { prices } = this.#options;
      decision.cost_micros = prices.cost(decision.target, decision.prompt_tokens, decision.completion_tokens);
      decision.price_version = prices.version;
    }
    this.#options.metrics.finished(decision);
  }
}

interface Beginning {
  readonly operation: Operation;
  readonly route: Route;
  readonly targets: readonly Target[];
  readonly caller: Caller;
  readonly nowMs: number;
}

function newDecision({ operation, route, targets, caller: { requestId, tenant }, nowMs }: Beginning): Decision {
  return {
    id: requestId,
    tenant,
    model: route.model,
    operation,
    strategy: route.strategy,
    created_at: new Date(nowMs).toISOString(),
    order: targets.map(({ id }) => id),
    attempts: [],
    cache: 'off',
    outcome: 'pending',
    target: null,
    broken_by: null,
    duration_ms: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    cost_micros: 0,
    price_version: null,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

/** Ends all providers' connections and processes. */
export async function closeProviders(providers: readonly Provider[]): Promise<void> {
  await Promise.all(providers.map((provider) => provider.close()));
}
