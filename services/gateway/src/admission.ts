import type { IncomingMessage } from 'node:http';
import { AppError } from '@genai-platform/common';
import type { Authenticator, Identity } from '@genai-platform/common';
import { clientAddress } from './domain/client-address.ts';
import type { Rate } from './domain/gcra.ts';
import { rateLimitHeaders } from './limits/rate-limit-headers.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';

export interface AdmissionOptions {
  readonly authenticate: Authenticator;
  readonly limiter: RateLimiter;
  /** Of one holder of a credential. */
  readonly keyRate: Rate;
  /** Of one address without a valid credential: it bounds guessing, too. */
  readonly anonymousRate: Rate;
  readonly trustedProxyHops: number;
}

/** Who was let in, or why nobody was recognised. */
export type Admitted =
  | { readonly identity: Identity; readonly refusal?: never; readonly headers: Readonly<Record<string, string>> }
  | { readonly identity?: never; readonly refusal: AppError; readonly headers: Readonly<Record<string, string>> };

/** Recognises clients and counts their requests. */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * @returns who asks, and the headers that tell the client what is left of its rate
   * @throws AppError 429 when the client asks too often
   */
  async admit(req: IncomingMessage): Promise<Admitted> {
    const { limiter, keyRate, anonymousRate } = this.#options;
    const who = await this.#recognise(req);
    const known = who instanceof AppError ? undefined : who;
    const rate = known === undefined ? anonymousRate : keyRate;
    const client = known === undefined ? `address:${this.addressOf(req)}` : `key:${known.tenant}:${known.subject}`;
    const verdict = await limiter.take(client, rate);
    const headers = rateLimitHeaders(known === undefined ? 'address' : 'key', rate, verdict);
    if (!verdict.allowed) throw tooManyRequests(verdict.retryAfterSeconds, rate, headers);
    return who instanceof AppError ? { refusal: who, headers } : { identity: who, headers };
  }

  /** The address of the client, behind the proxies that are trusted to tell it. */
  addressOf(req: IncomingMessage): string {
    const forwarded = req.headers['x-forwarded-for'];
    return clientAddress(
      req.socket.remoteAddress ?? 'unknown',
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      this.#options.trustedProxyHops,
    );
  }

  async #recognise(req: IncomingMessage): Promise<Identity | AppError> {
    try {
      return await this.#options.authenticate(req);
    } catch (error) {
      if (error instanceof AppError && error.status === 401) return error;
      throw error;
    }
  }
}

function tooManyRequests(retryAfterSeconds: number, rate: Rate, headers: Record<string, string>): AppError {
  return new AppError('GATEWAY_RATE_LIMITED', {
    status: 429,
    detail: `more than ${String(rate.perSecond)} requests per second, or ${String(rate.burst)} at once`,
    // Whole seconds; 0 would invite the client to come back at once.
    retryAfterSeconds: Math.max(1, Math.ceil(retryAfterSeconds)),
    headers,
  });
}
