import type { RequestHandler } from 'express';
import { exchangeOf } from './http/exchange.ts';
import { redactText } from './redact.ts';
import type { ServiceContext } from './service-context.ts';

/** Resolves when the part is usable; rejects with the reason when it is not. */
export type ReadyCheck = (signal: AbortSignal) => Promise<unknown>;

interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly reason?: string;
  readonly duration_ms: number;
}

const CHECK_TIMEOUT_MS = 2_000;
const REMEMBER_MS = 1_000;

/** The process lives as long as it can answer this. What it depends on is the business of readiness. */
export function livez(): RequestHandler {
  return (_req, res) => {
    exchangeOf(res).quiet = true;
    res.json({ status: 'ok' });
  };
}

/**
 * Ready when every check passes and the process is not stopping. Results are shared for a second: whoever asks
 * often does not load what is checked.
 */
export function readyz(service: ServiceContext, checks: Readonly<Record<string, ReadyCheck>>): RequestHandler {
  let running: Promise<CheckResult[]> | undefined;
  let startedAtMs = -Infinity;
  const results = (): Promise<CheckResult[]> => {
    const now = service.clock.now();
    if (running === undefined || now - startedAtMs >= REMEMBER_MS) {
      startedAtMs = now;
      running = Promise.all(Object.entries(checks).map(([name, check]) => runCheck(name, check)));
    }
    return running;
  };
  return async (_req, res) => {
    exchangeOf(res).quiet = true;
    if (service.lifecycle.draining) {
      res.status(503).json({ status: 'draining', checks: [] });
      return;
    }
    const done = await results();
    const ready = done.every(({ ok }) => ok);
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'unready', checks: done });
  };
}

async function runCheck(name: string, check: ReadyCheck): Promise<CheckResult> {
  const startedAtMs = performance.now();
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), {
      once: true,
    });
  });
  late.catch(() => undefined);
  const taken = (): number => Math.round(performance.now() - startedAtMs);
  try {
    await Promise.race([check(signal), late]);
    return { name, ok: true, duration_ms: taken() };
  } catch (error) {
    const reason = redactText(error instanceof Error && error.message !== '' ? error.message : 'failed');
    return { name, ok: false, reason, duration_ms: taken() };
  }
}
