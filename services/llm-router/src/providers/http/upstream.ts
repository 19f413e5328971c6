import { outgoingTraceHeaders } from '@genai-platform/common';
import { Pool } from 'undici';
import { toProviderError } from './transport-error.ts';
import { UpstreamExchange, type UpstreamReply } from './upstream-exchange.ts';

export interface UpstreamOptions {
  /** Where paths begin, without a slash at the end. */
  readonly baseUrl: string;
  /** Headers of every request, the credential among them. */
  readonly headers: () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  /** PEM of the authorities that are trusted instead of the usual ones. */
  readonly authorities?: string | undefined;
}

interface PostOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const CONNECTIONS = 256;
const KEEP_ALIVE_MS = 30_000;

/** A provider's HTTP API: a pool of connections, and the credential that goes with every request. */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #prefix: string;
  readonly #pool: Pool;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    const url = new URL(options.baseUrl);
    this.#prefix = url.pathname.replace(/\/$/, '');
    this.#pool = new Pool(url.origin, {
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Each attempt has its own time limit, for the whole of it.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: options.connectTimeoutMs,
        ...(options.authorities !== undefined && { ca: options.authorities }),
      },
    });
  }

  /** Sends JSON. Redirects are not followed: the credential is for this address. @throws ProviderError */
  async post(path: string, json: string, { signal, headers }: PostOptions): Promise<UpstreamReply> {
    try {
      const given = await this.#options.headers();
      signal.throwIfAborted();
      const exchange = new UpstreamExchange(signal);
      const request = {
        path: this.#prefix + path,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...outgoingTraceHeaders(), ...headers, ...given },
        body: json,
      } as const;
      this.#pool.dispatch(request, exchange);
      return await exchange.reply;
    } catch (error) {
      throw toProviderError(error);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
