import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { unauthenticated } from '@genai-platform/common';
import type { Clock } from '@genai-platform/common';
import { unavailable } from './access-tokens.ts';
import type { AuthService } from './auth-service.ts';
import type { Caller } from './caller.ts';
import type { Revocations } from './revocations.ts';

const PATH = '/v1/auth/introspect';

const Introspected = z.union([
  z.object({
    active: z.literal(true),
    sub: z.string(),
    tenant: z.string(),
    scope: z.string(),
    key_id: z.string(),
    exp: z.number().optional(),
    beta: z.object({ id: z.string(), requests_per_second: z.number(), burst: z.number() }).optional(),
  }),
  z.object({ active: z.literal(false) }),
]);
type Introspected = z.output<typeof Introspected>;

/** A key's scopes and owner are as old as this at most; that it was revoked is known sooner, by `Revocations`. */
const FRESH_MS = 10_000;
/** So long a key goes on that could not be asked for again. */
const STALE_MS = 60_000;
const REMEMBERED_KEYS = 10_000;

interface Known {
  readonly caller: Caller | undefined;
  readonly keyId: string;
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
}

/** Asks the auth service what API keys are worth, and remembers the answer, good or bad, for a moment. */
export class ApiKeys {
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED_KEYS });
  readonly #asking = new Map<string, Promise<Known>>();
  readonly #service: AuthService;
  readonly #revocations: Pick<Revocations, 'hasKey'>;
  readonly #clock: Clock;

  constructor(service: AuthService, revocations: Pick<Revocations, 'hasKey'>, clock: Clock) {
    this.#service = service;
    this.#revocations = revocations;
    this.#clock = clock;
  }

  /** @throws AppError 401; 503 while the auth service is away and the key is not known */
  verify(key: string): Caller | Promise<Caller> {
    const hash = createHash('sha256').update(key).digest('base64');
    const known = this.#known.get(hash);
    if (known === undefined || this.#clock.now() - known.askedAtMs > FRESH_MS) return this.#askFor(key, hash, known);
    return this.#callerOf(known);
  }

  async #askFor(key: string, hash: string, known: Known | undefined): Promise<Caller> {
    const asking = this.#asking.get(hash) ?? this.#ask(key).finally(() => this.#asking.delete(hash));
    this.#asking.set(hash, asking);
    try {
      const answer = await asking;
      this.#known.set(hash, answer);
      return this.#callerOf(answer);
    } catch (error) {
      if (known?.caller !== undefined && this.#clock.now() - known.askedAtMs <= STALE_MS) return this.#callerOf(known);
      throw unavailable(error);
    }
  }

  async #ask(token: string): Promise<Known> {
    const askedAtMs = this.#clock.now();
    const answer = await this.#service.ask(PATH, Introspected, { token });
    if (!answer.active) return { caller: undefined, keyId: '', askedAtMs, expiresAtMs: Infinity };
    const expiresAtMs = answer.exp === undefined ? Infinity : answer.exp * 1_000;
    return { caller: callerOf(answer), keyId: answer.key_id, askedAtMs, expiresAtMs };
  }

  #callerOf({ caller, keyId, expiresAtMs }: Known): Caller {
    const over = caller === undefined || expiresAtMs <= this.#clock.now() || this.#revocations.hasKey(keyId);
    if (over) throw unauthenticated('the API key is not valid', 'invalid_token');
    return caller;
  }
}

function callerOf({ sub, tenant, scope, key_id: apiKey, beta }: Extract<Introspected, { active: true }>): Caller {
  const scopes = Object.freeze(scope.split(' ').filter(Boolean));
  return {
    identity: Object.freeze({ subject: sub, tenant, scopes, apiKey }),
    beta: beta && { id: beta.id, requestsPerSecond: beta.requests_per_second, burst: beta.burst },
  };
}
