import { LRUCache } from 'lru-cache';
import { AppError, unauthenticated, verifyAccessToken } from '@genai-platform/common';
import type { AccessTokenKeys, Clock } from '@genai-platform/common';
import type { Caller } from './caller.ts';
import type { Revocations } from './revocations.ts';

const REMEMBERED_TOKENS = 10_000;

interface Known {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

/** Verifies access tokens; one that was verified is remembered until it ends, or its session does. */
export class AccessTokens {
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED_TOKENS });
  readonly #keys: AccessTokenKeys;
  readonly #revocations: Pick<Revocations, 'hasSession'>;
  readonly #clock: Clock;

  constructor(keys: AccessTokenKeys, revocations: Pick<Revocations, 'hasSession'>, clock: Clock) {
    this.#keys = keys;
    this.#revocations = revocations;
    this.#clock = clock;
  }

  /** @throws AppError 401; 503 while no keys are to be had */
  verify(token: string): Caller | Promise<Caller> {
    const known = this.#known.get(token);
    if (known === undefined || known.expiresAtMs <= this.#clock.now()) return this.#verifyAnew(token);
    return this.#living(known.caller);
  }

  async #verifyAnew(token: string): Promise<Caller> {
    try {
      const { grant, expiresAtMs } = await verifyAccessToken(token, this.#keys, this.#clock);
      const { beta, ...identity } = grant;
      const caller = { identity: Object.freeze(identity), beta };
      this.#known.set(token, { caller, expiresAtMs });
      return this.#living(caller);
    } catch (error) {
      if (error instanceof AppError) throw error.status === 401 ? error : unavailable(error);
      throw unauthenticated('the token is not valid', 'invalid_token');
    }
  }

  #living(caller: Caller): Caller {
    const { session } = caller.identity;
    if (session === undefined || !this.#revocations.hasSession(session)) return caller;
    throw unauthenticated('the session has ended', 'invalid_token');
  }
}

/** Nobody can tell whether the credential is good: that is not the client's mistake. */
export function unavailable(cause: unknown): AppError {
  return new AppError('GATEWAY_AUTH_UNAVAILABLE', {
    status: 503,
    detail: 'credentials cannot be checked right now',
    retryAfterSeconds: 1,
    cause,
  });
}
