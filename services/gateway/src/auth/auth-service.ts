import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { HttpClient, mintIdentityToken, parseIdentityKeys } from '@genai-platform/common';
import type { Clock, Metrics } from '@genai-platform/common';

export interface AuthServiceOptions {
  readonly url: string;
  readonly identityKeyFile: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** A request waits for this; better a 503 soon than a pile of waiting requests. */
const TIMEOUT_MS = 3_000;

/** The auth service, as the gateway asks it: under an identity of the gateway's own. */
export class AuthService {
  readonly #options: AuthServiceOptions;
  readonly #client: HttpClient;

  constructor(options: AuthServiceOptions) {
    this.#options = options;
    const { url, metrics } = options;
    this.#client = new HttpClient({ target: 'auth', baseUrl: url, timeoutMs: TIMEOUT_MS, metrics });
  }

  /** @param json makes it a POST; asking is safe to repeat. @throws AppError 502, 504 */
  async ask<S extends z.ZodType>(path: string, schema: S, json?: unknown, retry = true): Promise<z.output<S>> {
    const { identityKeyFile, clock } = this.#options;
    const [key] = parseIdentityKeys(await readFile(identityKeyFile, 'utf8'));
    const who = { subject: 'gateway', tenant: 'platform', scopes: ['auth:introspect', 'auth:meter'] };
    const headers = { authorization: `Bearer ${await mintIdentityToken(key as Uint8Array, 'auth', who, clock)}` };
    const call = json === undefined ? { path, headers } : { method: 'POST', path, headers, json, retry };
    return await (await this.#client.call(call)).json(schema);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
