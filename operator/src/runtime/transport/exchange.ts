import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import type { Status } from './api-error.ts';
import { ApiError, ConnectionError } from './api-error.ts';
import type { ApiCall } from './call.ts';
import { acceptOf, mediaTypes, methodOf, pathOf } from './call.ts';
import { fencedBy } from './fence.ts';
import { parseRetryAfter } from './retry.ts';

/**
 * Sends one request, if its guard still allows it, and waits for the response's headers.
 * @throws ConnectionError, what the guard throws, or the signal's reason.
 */
export async function send(
  pool: Dispatcher,
  call: ApiCall,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const contentType = call.body === undefined ? {} : { 'content-type': call.contentType ?? mediaTypes.json };
  let refusal: { readonly reason: unknown } | undefined;
  const { guard } = call;
  const guarded = (): void => {
    try {
      guard?.();
    } catch (reason) {
      refusal = { reason };
      throw reason;
    }
  };
  try {
    return await pool.compose(fencedBy(guarded)).request({
      method: methodOf(call.verb),
      path: pathOf(call),
      headers: { accept: acceptOf(call), ...contentType, ...headers },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (refusal) throw refusal.reason;
    throw new ConnectionError(call, error);
  }
}

/** Reads a whole response. @throws ApiError unless it is 2xx, ConnectionError when it breaks off or is not JSON. */
export async function receive<T>(response: Dispatcher.ResponseData, call: ApiCall, clock: Clock): Promise<T> {
  const text = await readText(response, call);
  if (response.statusCode >= 200 && response.statusCode < 300) return parseBody<T>(text, call);
  const retryAfter = response.headers['retry-after'];
  const retryAfterMs = parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, clock.now());
  throw new ApiError(call, response.statusCode, parseStatus(text), retryAfterMs);
}

async function readText(response: Dispatcher.ResponseData, call: ApiCall): Promise<string> {
  try {
    return await response.body.text();
  } catch (error) {
    throw new ConnectionError(call, error);
  }
}

function parseBody<T>(text: string, call: ApiCall): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    // Something between us and the API server answers in its place; what it did with the request is unknown.
    throw new ConnectionError(call, new Error('the answer is not JSON'));
  }
}

/** Errors of proxies and load balancers are not a Status; their text is all there is. */
function parseStatus(text: string): Status {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Falls through to the text.
  }
  return { message: text.slice(0, 256) };
}
