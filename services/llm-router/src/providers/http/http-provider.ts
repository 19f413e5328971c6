import { ProviderError } from '../provider-error.ts';
import type { ModelInfo } from '../provider.ts';
import { requireSuccess } from './error-status.ts';
import { parseObject, readText } from './reply-body.ts';
import type { Upstream, UpstreamReply } from './upstream.ts';

export interface HttpProviderOptions {
  readonly name: string;
  readonly kind: string;
  readonly models: readonly ModelInfo[];
  readonly upstream: Upstream;
  /** Of a plain reply, and of one event of a stream. */
  readonly maxReplyBytes: number;
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
  protected async send(path: string, body: object, signal: AbortSignal): Promise<UpstreamReply> {
    return await requireSuccess(await this.#upstream.post(path, JSON.stringify(body), signal));
  }

  /** A whole reply with its text. @param list a member that has to be an array, where there is one @throws ProviderError */
  protected async ask<T>(
    path: string,
    body: object,
    { signal, list }: { readonly signal: AbortSignal; readonly list?: string },
  ): Promise<{ value: T; text: string }> {
    const text = await readText(await this.send(path, body, signal), this.maxReplyBytes);
    const value = parseObject(text);
    if (list === undefined || Array.isArray(value[list])) return { value: value as T, text };
    throw new ProviderError({ kind: 'protocol', detail: `the reply has no ${list}` });
  }
}
