import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeRequest, ProbeResult, Prober } from './prober.ts';

/** Bounds of one probe; the product of the first two plus the pauses stays far below a reconcile's deadline. */
export interface ProbeLimits {
  readonly attempts: number;
  readonly deadlineMs: number;
  readonly pauseMs: number;
}

const LIMITS: ProbeLimits = { attempts: 3, deadlineMs: 3_000, pauseMs: 250 };
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Asks over HTTP. A fresh Service may refuse for a moment, until its endpoints have reached every node: connection
 * errors and 502, 503, 504 are tried again. Any other answer stands, because the workload itself gave it.
 */
export function createHttpProber(limits: ProbeLimits = LIMITS): Prober {
  return {
    async probe(request, signal) {
      for (let attempt = 1; ; attempt += 1) {
        const { result, retryable } = await ask(request, limits.deadlineMs, signal);
        if (result.answered || !retryable || attempt >= limits.attempts) return result;
        await sleep(limits.pauseMs * attempt, undefined, { signal });
      }
    },
  };
}

interface Attempt {
  readonly result: ProbeResult;
  readonly retryable: boolean;
}

async function ask(request: ProbeRequest, deadlineMs: number, signal: AbortSignal): Promise<Attempt> {
  const startedAt = performance.now();
  try {
    const response = await fetch(new URL(request.path, request.origin), {
      method: request.method,
      headers: { ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual', // the credential is meant for this workload only
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
    });
    const body = await readStart(response);
    const latencyMs = Math.max(1, Math.round(performance.now() - startedAt));
    return judge(request, { status: response.status, body, latencyMs });
  } catch (error) {
    signal.throwIfAborted();
    return failed(request, connectionError(error, deadlineMs), true);
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly latencyMs: number;
}

function judge(request: ProbeRequest, { status, body, latencyMs }: Answer): Attempt {
  const { expect } = request;
  if (status !== expect.status) {
    return failed(request, `HTTP ${status} instead of ${expect.status}${problemTitle(body)}`, [502, 503, 504].includes(status)); // prettier-ignore
  }
  if (expect.bodyIncludes !== undefined && !body.includes(expect.bodyIncludes)) {
    return failed(request, `HTTP ${status} without ${JSON.stringify(expect.bodyIncludes)} in the answer`, false);
  }
  return { result: { answered: true, latencyMs }, retryable: false };
}

function failed(request: ProbeRequest, what: string, retryable: boolean): Attempt {
  return { result: { answered: false, message: `${request.method} ${request.path}: ${what}` }, retryable };
}

/** The title of a problem+json answer (RFC 9457): our own services name the cause there. */
function problemTitle(body: string): string {
  try {
    const { title, detail } = JSON.parse(body) as { title?: unknown; detail?: unknown };
    const words = [title, detail].filter((text) => typeof text === 'string').join(': ');
    return words ? `: ${words.slice(0, 200)}` : '';
  } catch {
    return '';
  }
}

function connectionError(error: unknown, deadlineMs: number): string {
  const { name, message, cause } = error as Failure;
  if (name === 'TimeoutError') return `no answer within ${deadlineMs} ms`;
  return cause?.code ?? cause?.message ?? message ?? String(error);
}

/** What fetch rejects with: the reason is in the cause. */
interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly cause?: { readonly code?: string; readonly message?: string };
}

/** Reads no more than a bounded start of the answer, whatever the other side sends. */
async function readStart(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
