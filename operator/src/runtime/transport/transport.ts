import type { Span } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Clock } from '../clock.ts';
import { sleep, systemClock } from '../clock.ts';
import { asError } from '../errors.ts';
import { kindText } from '../resource-kind.ts';
import { ApiError, CallTimeout, ConnectionError } from './api-error.ts';
import type { ApiCall, Reply, Verb } from './call.ts';
import type { Cluster } from './cluster.ts';
import { startDeadline } from './deadline.ts';
import { receive, send } from './exchange.ts';
import type { PoolRole } from './pools.ts';
import { normalConnections, Pools } from './pools.ts';
import { retryDelayMs } from './retry.ts';
import { Slots } from './slots.ts';
import { TokenBucket } from './token-bucket.ts';
import type { LineStream } from './line-stream.ts';
import { openLines } from './line-stream.ts';

/** One attempt, as the audit hook sees it. */
export interface CallRecord {
  readonly verb: Verb;
  readonly kind: string;
  readonly subresource: string;
  /** HTTP status, or 0 when no answer came. */
  readonly code: number;
  readonly durationMs: number;
  /** 1 for the first. */
  readonly attempt: number;
}

export interface TransportOptions {
  readonly cluster: Cluster;
  readonly clock?: Clock;
  /** Over ordinary calls; leases and watches are not limited. Default 200 per second, burst 400. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  readonly random?: () => number;
  readonly onCall?: (record: CallRecord) => void;
}

// What one API server on two cores takes in writes; API Priority and Fairness protects it from more.
const defaultRate = { perSecond: 200, burst: 400 };
const defaultDeadlineMs = 30_000;
// Half of the default deadline: a reply that never comes leaves time for another try on another connection.
const attemptMs = 15_000;

const tracer = trace.getTracer('operator-runtime');

/** Speaks to one API server: connections, credentials, deadlines, retries, limits. Knows paths, not objects. */
export class Transport {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onCall: (record: CallRecord) => void;
  readonly #pools: Pools;
  readonly #bucket: TokenBucket;
  readonly #slots = new Slots(normalConnections);

  constructor(options: TransportOptions) {
    this.#cluster = options.cluster;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#onCall = options.onCall ?? (() => undefined);
    this.#pools = new Pools(options.cluster);
    this.#bucket = new TokenBucket(this.#clock, options.rate ?? defaultRate);
  }

  /**
   * Makes a call and reads its reply, with bounded retries where repeating is safe.
   * @throws ApiError for an answer that is not 2xx, ConnectionError, CallTimeout, what `guard` throws, or the reason of
   *   the call's signal.
   */
  async call<T>(call: ApiCall, role: Exclude<PoolRole, 'watch'> = 'normal'): Promise<Reply<T>> {
    const deadlineMs = call.deadlineMs ?? defaultDeadlineMs;
    const endsAt = this.#clock.monotonic() + deadlineMs;
    const deadline = startDeadline(this.#clock, call.signal, deadlineMs, () => timeoutOf(call, deadlineMs));
    const span = this.#startSpan(call);
    try {
      return await this.#attempts<T>(call, role, deadline.signal, endsAt);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: asError(error).message });
      throw error;
    } finally {
      span.end();
      deadline.end();
    }
  }

  /**
   * Opens a watch and yields its lines. The stream fails when nothing arrives for `idleMs`.
   * @throws like `call`, without retries: the reflector has its own.
   */
  async watch(call: ApiCall, idleMs: number): Promise<LineStream> {
    const headers = await this.#cluster.headers();
    const startedAt = this.#clock.monotonic();
    try {
      const stream = await openLines(this.#pools.get('watch'), call, headers, { clock: this.#clock, idleMs });
      this.#record(call, 200, startedAt, 1);
      return stream;
    } catch (error) {
      this.#record(call, codeOf(error), startedAt, 1);
      if (isUnauthorized(error)) this.#renewCredentials();
      throw error;
    }
  }

  /** Ends all connections; calls under way fail. */
  close(): Promise<void> {
    return this.#pools.destroy();
  }

  async #attempts<T>(call: ApiCall, role: PoolRole, signal: AbortSignal, endsAt: number): Promise<Reply<T>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt<T>(call, role, signal, attempt);
      } catch (error) {
        signal.throwIfAborted();
        const delayMs = this.#delayAfter(call.verb, error, attempt);
        if (delayMs === undefined || this.#clock.monotonic() + delayMs >= endsAt) throw error;
        await sleep(this.#clock, delayMs, signal);
      }
    }
  }

  async #attempt<T>(call: ApiCall, role: PoolRole, signal: AbortSignal, attempt: number): Promise<Reply<T>> {
    const headers = await this.#cluster.headers();
    const release = role === 'normal' ? await this.#admit(signal) : () => undefined;
    const deadline = startDeadline(this.#clock, signal, attemptMs, () => timeoutOf(call, attemptMs));
    const startedAt = this.#clock.monotonic();
    try {
      const response = await send(this.#pools.get(role), call, headers, deadline.signal);
      const body = await receive<T>(response, call, this.#clock);
      this.#record(call, response.statusCode, startedAt, attempt);
      return { status: response.statusCode, body };
    } catch (error) {
      const known =
        deadline.signal.aborted && error instanceof ConnectionError ? (deadline.signal.reason as Error) : error;
      this.#record(call, codeOf(known), startedAt, attempt);
      throw known;
    } finally {
      deadline.end();
      release();
    }
  }

  /** Waits for a token, then for a connection; the connection is last because holding one is what costs others. */
  async #admit(signal: AbortSignal): Promise<() => void> {
    const waitMs = this.#bucket.take();
    if (waitMs > 0) await sleep(this.#clock, waitMs, signal);
    return this.#slots.acquire(signal);
  }

  #delayAfter(verb: Verb, error: unknown, attempt: number): number | undefined {
    if (isUnauthorized(error)) {
      this.#renewCredentials();
      // Once: credentials that are rejected twice are not rotating, they are wrong.
      return attempt === 1 ? 0 : undefined;
    }
    return retryDelayMs(verb, error, attempt, this.#random());
  }

  #renewCredentials(): void {
    this.#cluster.invalidate();
    this.#pools.reset(this.#clock.monotonic());
  }

  #record(call: ApiCall, code: number, startedAt: number, attempt: number): void {
    const durationMs = this.#clock.monotonic() - startedAt;
    this.#onCall({
      verb: call.verb,
      kind: kindText(call.kind),
      subresource: call.subresource ?? '',
      code,
      durationMs,
      attempt,
    });
  }

  #startSpan(call: ApiCall): Span {
    const { verb, kind, namespace = '', name = '' } = call;
    const attributes = {
      'k8s.verb': verb,
      'k8s.kind': kind.kind,
      'k8s.namespace.name': namespace,
      'k8s.object.name': name,
    };
    return tracer.startSpan(`${verb} ${kind.kind}`, { kind: SpanKind.CLIENT, attributes });
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.code === 401;
}

function codeOf(error: unknown): number {
  return error instanceof ApiError ? error.code : 0;
}

function timeoutOf(call: ApiCall, afterMs: number): CallTimeout {
  return new CallTimeout(`${call.verb} ${call.kind.plural} ${call.name ?? ''}: no answer within ${afterMs} ms`);
}
