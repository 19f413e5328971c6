import { createLocalJWKSet, errors } from 'jose';
import { z } from 'zod';
import type { AccessTokenKeys, Clock } from '@genai-platform/common';
import type { AuthService } from './auth-service.ts';

/** Bounded: what the list may hold at most, whoever answers. */
const KeySet = z.object({
  keys: z
    .array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string().max(64),
        kid: z.string().min(1).max(128),
        alg: z.literal('EdDSA'),
      }),
    )
    .min(1)
    .max(16),
});

const PATH = '/.well-known/jwks.json';
const FRESH_MS = 60_000;
/** Forged key ids must not make the gateway ask for every request. */
const ASK_AGAIN_MS = 5_000;

type Loaded = ReturnType<typeof createLocalJWKSet>;

/**
 * The public keys of access tokens: asked for once a minute, and when a token names a key that is not known yet. While
 * the auth service is away the last list goes on.
 */
export class JsonWebKeys {
  readonly #service: AuthService;
  readonly #clock: Clock;
  #keys: Loaded | undefined;
  #loading: Promise<void> | undefined;
  #askedAtMs = -Infinity;

  constructor(service: AuthService, clock: Clock) {
    this.#service = service;
    this.#clock = clock;
  }

  /** @throws AppError 502 or 504 when there is no list, and none to be had */
  readonly get: AccessTokenKeys = async (header, token) => {
    if (this.#keys === undefined) await this.#load();
    else if (this.#clock.now() - this.#askedAtMs > FRESH_MS) void this.#load().catch(() => undefined);
    try {
      return await (this.#keys as Loaded)(header, token);
    } catch (error) {
      const mayBeNew = error instanceof errors.JWKSNoMatchingKey;
      if (!mayBeNew || this.#clock.now() - this.#askedAtMs < ASK_AGAIN_MS) throw error;
      await this.#load();
      return await (this.#keys as Loaded)(header, token);
    }
  };

  #load(): Promise<void> {
    this.#loading ??= this.#read().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #read(): Promise<void> {
    this.#askedAtMs = this.#clock.now();
    this.#keys = createLocalJWKSet(await this.#service.ask(PATH, KeySet));
  }
}
