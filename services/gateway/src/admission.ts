import type { IncomingMessage } from 'node:http';
import { AppError } from '@genai-platform/common';
import type { BetaGrant, Identity } from '@genai-platform/common';
import type { Recognise } from './auth/authenticator.ts';
import type { Caller } from './auth/caller.ts';
import type { UsageMeter } from './auth/usage-meter.ts';
import { clientAddress } from './domain/client-address.ts';
import type { Rate } from './domain/gcra.ts';
import { rateLimitHeaders } from './limits/rate-limit-headers.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';

export interface AdmissionOptions {
  readonly recognise: Recognise;
  /** Counts the requests of users of beta tokens. */
  readonly meter?: Pick<UsageMeter, 'count'> | undefined;
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
    const who = await this.#recognise(req);
    if (who instanceof AppError) {
      return { refusal: who, headers: await this.#count('address', this.addressOf(req), this.#options.anonymousRate) };
    }
    const { identity, beta } = who;
    const name = `${identity.tenant}:${identity.subject}`;
    const headers = await this.#count('key', name, this.#options.keyRate);
    if (beta === undefined) return { identity, headers };
    this.#options.meter?.count(beta.id, identity.subject);
    // The tighter limit is the one to tell of.
    return { identity, headers: await this.#count('beta', `${beta.id}:${name}`, rateOf(beta)) };
  }

  /** @throws AppError 429 */
  async #count(policy: 'address' | 'beta' | 'key', client: string, rate: Rate): Promise<Record<string, string>> {
    const verdict = await this.#options.limiter.take(`${policy}:${client}`, rate);
    const headers = rateLimitHeaders(policy, rate, verdict);
    if (!verdict.allowed) throw tooManyRequests(verdict.retryAfterSeconds, rate, headers);
    return headers;
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

  async #recognise(req: IncomingMessage): Promise<Caller | AppError> {
    try {
      return await this.#options.recognise(req);
    } catch (error) {
      if (error instanceof AppError && error.status === 401) return error;
      throw error;
    }
  }
}

function rateOf({ requestsPerSecond, burst }: BetaGrant): Rate {
  return { perSecond: requestsPerSecond, burst };
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
