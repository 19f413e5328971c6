import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ERASURE_PATH, HttpClient, mintIdentityToken, parseIdentityKeys } from '@genai-platform/common';
import type { Clock, ErasedUser, Metrics } from '@genai-platform/common';

/** A service that holds data of users. */
export interface ErasureTarget {
  readonly service: string;
  readonly url: string;
}

/** What became of a user's data in one place. */
export interface ErasedPlace {
  readonly service: string;
  readonly erased: boolean;
  readonly records?: Record<string, number>;
  readonly problem?: string;
}

export interface ServiceEraserOptions {
  readonly targets: readonly ErasureTarget[];
  readonly identityKeyFile: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

const TIMEOUT_MS = 30_000;
const Reply = z.object({ records: z.record(z.string(), z.number()) });

/** Has every service erase what it holds of a user. */
export class ServiceEraser {
  readonly #options: ServiceEraserOptions;
  readonly #clients: ReadonlyMap<string, HttpClient>;

  constructor(options: ServiceEraserOptions) {
    this.#options = options;
    const client = ({ service, url }: ErasureTarget): HttpClient =>
      new HttpClient({ target: service, baseUrl: url, timeoutMs: TIMEOUT_MS, metrics: options.metrics });
    this.#clients = new Map(options.targets.map((target) => [target.service, client(target)]));
  }

  /** Never throws: what could not be done is said in the report, and can be repeated. */
  async erase(user: ErasedUser): Promise<ErasedPlace[]> {
    return await Promise.all([...this.#clients].map(([service, client]) => this.#eraseAt(service, client, user)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }

  async #eraseAt(service: string, client: HttpClient, user: ErasedUser): Promise<ErasedPlace> {
    try {
      const [key] = parseIdentityKeys(await readFile(this.#options.identityKeyFile, 'utf8'));
      const who = { subject: 'auth', tenant: user.tenant, scopes: ['platform:erase'] };
      const token = await mintIdentityToken(key as Uint8Array, service, who, this.#options.clock);
      const headers = { authorization: `Bearer ${token}` };
      // Erasing is safe to repeat, though it is a POST.
      const reply = await client.call({ method: 'POST', path: ERASURE_PATH, json: user, headers, retry: true });
      if (reply.status !== 200) {
        reply.discard();
        return { service, erased: false, problem: `answered ${reply.status}` };
      }
      return { service, erased: true, records: (await reply.json(Reply)).records };
    } catch {
      return { service, erased: false, problem: 'could not be asked' };
    }
  }
}
