import { ProviderError, type FailureKind } from '../provider-error.ts';
import { readText } from './reply-body.ts';
import type { UpstreamReply } from './upstream-exchange.ts';

const MAX_ERROR_BYTES = 64 * 1024;
const MAX_MESSAGE = 2_000;
const LONGEST_WAIT_SECONDS = 3_600;

const KINDS: Readonly<Record<number, FailureKind>> = {
  401: 'credentials',
  403: 'credentials',
  // The provider does not have the model, or is at another address: another target may do.
  404: 'unavailable',
  408: 'unavailable',
  409: 'unavailable',
  425: 'unavailable',
  429: 'rate-limited',
};

/** Passes replies of success. @throws ProviderError for all others */
export async function requireSuccess(reply: UpstreamReply): Promise<UpstreamReply> {
  const { statusCode: status, headers } = reply;
  if (status >= 200 && status < 300) return reply;
  const kind = KINDS[status] ?? (status >= 400 && status < 500 ? 'rejected' : 'unavailable');
  const text = await readText(reply, MAX_ERROR_BYTES).catch(() => '');
  throw new ProviderError({
    kind,
    status,
    detail: `status ${String(status)}`,
    retryAfterSeconds: retryAfter(headers['retry-after']),
    rejection: kind === 'rejected' ? rejection(text) : undefined,
  });
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.min(LONGEST_WAIT_SECONDS, Math.max(0, seconds)) : undefined;
}

/** OpenAI, Anthropic and those who do as they do say it under `error`. */
function rejection(text: string): { message: string; code: string; param: string | null } {
  const { message, code, type, param } = errorOf(text);
  return {
    message: typeof message === 'string' ? message.slice(0, MAX_MESSAGE) : 'the provider rejected the request',
    code: [code, type].find((word): word is string => typeof word === 'string') ?? 'rejected',
    param: typeof param === 'string' ? param : null,
  };
}

function errorOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : { message: error };
  } catch {
    return {};
  }
}
