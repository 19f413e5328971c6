import type { SsrfGuard } from '../clients/ssrf-guard.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { toJob } from './job-row.ts';
import type { JobStore } from './job-store.ts';
import type { WebhookTarget } from './webhook.ts';
import { signWebhook } from './webhook.ts';

export interface WebhookSenderOptions {
  readonly store: JobStore;
  readonly guard: SsrfGuard;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the jobs' routes are. */
  readonly path: string;
}

/** When a message that was not taken is sent again: for about an hour and a half. */
const PAUSES_MS = [5_000, 30_000, 120_000, 600_000, 3_600_000];
const TIMEOUT_MS = 10_000;
const MAX_REPLY_BYTES = 65_536;

/**
 * Sends one message that is due: `job.succeeded`, `job.failed` or `job.cancelled` with the job, signed.
 *
 * @returns whether there was one
 */
export async function sendDueWebhook({ store, guard, clock, log, path }: WebhookSenderOptions): Promise<boolean> {
  const row = await store.claimWebhook();
  if (row === undefined) return false;
  const body = JSON.stringify({
    type: `job.${row.status}`,
    timestamp: row.finished_at?.toISOString(),
    data: toJob(row, path),
  });
  const problem = await deliver(guard, row.webhook, { id: `msg_${row.id}`, body, nowMs: clock.now() });
  const pauseMs = problem === undefined ? undefined : PAUSES_MS[row.webhook_attempts - 1];
  if (problem !== undefined)
    log.warn({ job: row.id, problem, attempt: row.webhook_attempts }, 'a webhook was not taken');
  await store.settleWebhook(row.id, pauseMs);
  return true;
}

async function deliver(
  guard: SsrfGuard,
  { url, secret }: WebhookTarget,
  { id, body, nowMs }: { id: string; body: string; nowMs: number },
): Promise<string | undefined> {
  try {
    const { status } = await guard.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signWebhook(secret, id, body, nowMs) },
      body,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_REPLY_BYTES,
      maxRedirects: 0,
    });
    return status >= 200 && status < 300 ? undefined : `answered ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  }
}
