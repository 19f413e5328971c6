import type { Readable } from 'node:stream';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { Histogram } from 'prom-client';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { outgoingHeaders } from '../http/trace-context.ts';
import type { Metrics } from '../metrics.ts';
import { startDeadline } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { HttpReply, toUpstreamError } from './http-reply.ts';
import { isIdempotent, isRetryableStatus, retryPauseMs } from './retry.ts';

export interface HttpClientOptions {
  /** Who is called: a metric's label, and the word for it in errors. */
  readonly target: string;
  /** Where paths begin. */
  readonly baseUrl: string;
  /** For a whole call with all its attempts; 10 s by default. */
  readonly timeoutMs?: number;
  /** For one attempt; the whole time by default. */
  readonly attemptTimeoutMs?: number;
  /** After the first attempt; 2 by default. */
  readonly maxRetries?: number;
  readonly metrics?: Metrics;
  readonly dispatcher?: Dispatcher;
  readonly clock?: Clock;
}

export interface HttpCall {
  /** `GET` by default. */
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** A stream is sent once: such a call is not repeated. */
  readonly body?: string | Uint8Array | Readable;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Whether the call may be repeated; by default GET, HEAD, PUT, DELETE and OPTIONS may. */
  readonly retry?: boolean;
  /** The time limit ends with the head of the reply: for bodies that take as long as they take. */
  readonly streaming?: boolean;
}

/**
 * Calls another service: one deadline over all attempts, bounded retries that honour `Retry-After`, the trace and the
 * request id passed on, measured.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #dispatcher: Dispatcher;
  readonly #clock: Clock;
  readonly #duration: Histogram<'target' | 'method' | 'status'> | undefined;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#dispatcher = options.dispatcher ?? new Agent({ connect: { timeout: 3_000 }, connections: 128 });
    this.#duration = options.metrics === undefined ? undefined : clientDuration(options.metrics);
  }

  /**
   * Calls, and returns whatever is answered in the end: a 404 is an answer too.
   *
   * @throws AppError 502 when there is no answer, 504 when it is too late; the reason of the caller's signal
   */
  async call(call: HttpCall): Promise<HttpReply> {
    const { timeoutMs = 10_000, maxRetries = 2 } = this.#options;
    const endsAtMs = this.#clock.now() + (call.timeoutMs ?? timeoutMs);
    const repetitions = mayRepeat(call) ? maxRetries : 0;
    for (let attempt = 1; attempt <= repetitions; attempt += 1) {
      const reply = await this.#tryOnce(call, endsAtMs);
      const pauseMs = this.#pauseAfter(reply, attempt, endsAtMs);
      if (reply !== undefined && pauseMs === undefined) return reply;
      reply?.discard();
      await this.#clock.sleep(pauseMs ?? 0, call.signal);
    }
    return await this.#attempt(call, endsAtMs);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  /** How long to wait before the call is repeated; undefined where there is no use in that. */
  #pauseAfter(reply: HttpReply | undefined, attempt: number, endsAtMs: number): number | undefined {
    if (reply !== undefined && !isRetryableStatus(reply.status)) return undefined;
    const nowMs = this.#clock.now();
    const pauseMs = retryPauseMs(attempt, reply?.headers['retry-after'], nowMs);
    return nowMs + pauseMs < endsAtMs ? pauseMs : undefined;
  }

  /** Undefined where there was no answer, and there may be one to another attempt. */
  async #tryOnce(call: HttpCall, endsAtMs: number): Promise<HttpReply | undefined> {
    try {
      return await this.#attempt(call, endsAtMs);
    } catch (error) {
      if (call.signal?.aborted === true || this.#clock.now() >= endsAtMs) throw error;
      return undefined;
    }
  }

  async #attempt(call: HttpCall, endsAtMs: number): Promise<HttpReply> {
    const { target, attemptTimeoutMs = Infinity } = this.#options;
    const { method = 'GET' } = call;
    const deadline = startDeadline(Math.min(attemptTimeoutMs, Math.max(1, endsAtMs - this.#clock.now())), call.signal);
    const span = trace.getTracer('@genai-platform/common').startSpan(`${method} ${target}`, { kind: SpanKind.CLIENT });
    const startedAtMs = performance.now();
    let status = 'failed';
    try {
      const reply = await context.with(trace.setSpan(context.active(), span), () => this.#send(call, method, deadline));
      status = String(reply.status);
      span.setAttribute('http.response.status_code', reply.status);
      if (call.streaming === true) deadline.lift();
      return reply;
    } catch (error) {
      deadline.lift();
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw toUpstreamError(error, target, deadline);
    } finally {
      span.end();
      this.#duration?.observe({ target, method, status }, (performance.now() - startedAtMs) / 1_000);
    }
  }

  async #send(call: HttpCall, method: string, deadline: Deadline): Promise<HttpReply> {
    const json = call.json === undefined ? {} : { 'content-type': 'application/json' };
    const reply = await request(new URL(call.path, this.#options.baseUrl), {
      method,
      headers: { ...outgoingHeaders(), ...json, ...call.headers },
      body: call.json === undefined ? (call.body ?? null) : JSON.stringify(call.json),
      signal: deadline.signal,
      dispatcher: this.#dispatcher,
    });
    return new HttpReply(this.#options.target, deadline, reply);
  }
}

function mayRepeat({ method = 'GET', retry = isIdempotent(method), body }: HttpCall): boolean {
  return retry && (body === undefined || typeof body === 'string' || body instanceof Uint8Array);
}

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const durations = new WeakMap<Metrics, Histogram<'target' | 'method' | 'status'>>();

/** One histogram for all clients of a process. */
function clientDuration(metrics: Metrics): Histogram<'target' | 'method' | 'status'> {
  const known = durations.get(metrics);
  if (known !== undefined) return known;
  const created = metrics.histogram({
    name: 'http_client_duration_seconds',
    help: 'Time from sending a request to the head of its reply, by attempt',
    labels: ['target', 'method', 'status'],
    buckets: SECONDS,
  });
  durations.set(metrics, created);
  return created;
}
