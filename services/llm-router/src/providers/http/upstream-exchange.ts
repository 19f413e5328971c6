import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { ReplyBody } from './reply-body.ts';

/** The head of a provider's reply; the body comes as it is read. */
export interface UpstreamReply {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: ReplyBody;
}

/**
 * One request and its reply, by undici's own events: its `request` makes a stream of every reply, which costs more than
 * all that is done with a short one here.
 */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  /** Resolves when the head has come; an error before that rejects it. */
  readonly reply: Promise<UpstreamReply>;
  readonly #signal: AbortSignal;
  readonly #settle: { resolve: (reply: UpstreamReply) => void; reject: (error: Error) => void };
  #controller: Dispatcher.DispatchController | undefined;
  #body: ReplyBody | undefined;

  constructor(signal: AbortSignal) {
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply>();
    this.reply = promise;
    this.#settle = { resolve, reject };
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal.aborted) this.#onAbort();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Dispatcher.ResponseData['headers'],
  ): void {
    if (statusCode < 200) return;
    this.#body = new ReplyBody(controller);
    this.#settle.resolve({ statusCode, headers, body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#body?.push(piece);
  }

  onResponseEnd(): void {
    this.#end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#end(error);
  }

  /** A request that still waits for a connection is not sent; who waits for it need not. */
  readonly #onAbort = (): void => {
    const reason = reasonOf(this.#signal);
    if (this.#controller === undefined) this.#settle.reject(reason);
    else this.#controller.abort(reason);
  };

  #end(error?: Error): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    if (this.#body === undefined) this.#settle.reject(error ?? new Error('there was no reply'));
    else this.#body.end(error);
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('aborted');
}
