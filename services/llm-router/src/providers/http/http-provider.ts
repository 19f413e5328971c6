import { ProviderError } from '../provider-error.ts';
import type { ModelInfo } from '../provider.ts';
import { requireSuccess } from './error-status.ts';
import { parseObject, readText } from './reply-body.ts';
import type { Upstream } from './upstream.ts';
import type { UpstreamReply } from './upstream-exchange.ts';

export interface HttpProviderOptions {
  readonly name: string;
  readonly kind: string;
  readonly models: readonly ModelInfo[];
  readonly upstream: Upstream;
  /** Of a plain reply, and of one event of a stream. */
  readonly maxReplyBytes: number;
}

interface SendOptions {
  readonly signal: AbortSignal;
  /** Beside those of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What all providers with an HTTP API of JSON have in common. */
export abstract class HttpProvider {
  readonly name: string;
  readonly kind: string;
  readonly models: readonly ModelInfo[];
  readonly #upstream: Upstream;
  protected readonly maxReplyBytes: number;

  constructor({ name, kind, models, upstream, maxReplyBytes }: HttpProviderOptions) {
    this.name = name;
    this.kind = kind;
    this.models = models;
    this.#upstream = upstream;
    this.maxReplyBytes = maxReplyBytes;
  }

  async close(): Promise<void> {
    await this.#upstream.close();
  }

  /** The reply of a request that succeeded; its body is still to be read. @throws ProviderError */
  protected async send(path: string, body: object, { signal, headers }: SendOptions): Promise<UpstreamReply> {
    return await requireSuccess(await this.#upstream.post(path, JSON.stringify(body), { signal, headers }));
  }

  /** A whole reply with its text. @param list a member that has to be an array, where there is one @throws ProviderError */
  protected async ask<T>(
    path: string,
    body: object,
    { list, ...options }: SendOptions & { readonly list?: string },
  ): Promise<{ value: T; text: string }> {
    const text = await readText(await this.send(path, body, options), this.maxReplyBytes);
    const value = parseObject(text);
    if (list === undefined || Array.isArray(value[list])) return { value: value as T, text };
    throw new ProviderError({ kind: 'protocol', detail: `the reply has no ${list}` });
  }
}
