import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { AppError } from '@genai-platform/common';
import { limitedBody } from './limited-body.ts';
import { relayReply } from './relay-reply.ts';
import { hasBody } from './request-body.ts';
import { ServiceConnections } from './service-connections.ts';
import { isWorthRetrying, upstreamError } from './upstream-error.ts';

export interface ForwarderOptions {
  /** Longest silence of a service in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** Aborts when event streams have to end. */
  readonly streamsEnd: AbortSignal;
}

/** Where one request goes. */
export interface Call {
  readonly service: string;
  /** `http://host:port` of the service. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** False for replies with credentials: the length of a compressed one tells what is in it (BREACH). */
  readonly compress?: boolean;
}

const MAX_ATTEMPTS = 3;

/** Passes requests on to services and their replies back, as streams: nothing is buffered, in neither direction. */
export class Forwarder {
  readonly #connections = new ServiceConnections();
  readonly #options: ForwarderOptions;

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the reply has been passed on, or broken off because either side went away.
   * @throws AppError while nothing of a reply has been sent: 413, 502, 503, 504
   */
  async forward(req: IncomingMessage, res: ServerResponse, call: Call): Promise<void> {
    const declared = Number(req.headers['content-length'] ?? 0);
    if (declared > this.#options.maxBodyBytes) throw bodyTooLarge(this.#options.maxBodyBytes);
    for (let attempt = 1; ; attempt += 1) {
      const outgoing = this.#open(req, call);
      try {
        await relayReply(await this.#replyOf(req, res, outgoing), res, {
          streamsEnd: this.#options.streamsEnd,
          compress: call.compress,
        });
        return;
      } catch (error) {
        if (error instanceof AppError) throw error;
        if (attempt < MAX_ATTEMPTS && !res.destroyed && isWorthRetrying(error, req, outgoing)) continue;
        throw upstreamError(call.service, error);
      }
    }
  }

  close(): void {
    this.#connections.destroy();
  }

  #open(req: IncomingMessage, { url, headers }: Call): ClientRequest {
    const { hostname, port } = new URL(url);
    this.#connections.dropStale();
    const { url: path, method } = req;
    const outgoing = httpRequest({ agent: this.#connections, hostname, port, path, method, headers });
    outgoing.setTimeout(this.#options.timeoutMs, () => {
      outgoing.destroy(Object.assign(new Error('the service was silent for too long'), { code: 'ETIMEDOUT' }));
    });
    return outgoing;
  }

  /** Sends the body once there is a connection: until then none of it is lost, and another attempt is possible. */
  #replyOf(req: IncomingMessage, res: ServerResponse, outgoing: ClientRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const onClientGone = (): void => {
        if (!res.writableFinished) outgoing.destroy();
      };
      res.once('close', onClientGone);
      outgoing.once('close', () => res.off('close', onClientGone));
      outgoing.once('response', resolve).once('error', reject);
      outgoing.once('socket', (socket) => {
        const send = (): void => this.#sendBody(req, outgoing, reject);
        if (socket.connecting) socket.once('connect', send);
        else send();
      });
    });
  }

  #sendBody(req: IncomingMessage, outgoing: ClientRequest, reject: (error: Error) => void): void {
    if (!hasBody(req)) {
      outgoing.end();
      return;
    }
    const { maxBodyBytes } = this.#options;
    const onSent = (error: Error | null | undefined): void => {
      // What ends the request itself is reported by the request.
      if (error instanceof AppError) {
        outgoing.destroy();
        reject(error);
      }
    };
    if (req.headers['content-length'] !== undefined) pipeline(req, outgoing, onSent);
    else
      pipeline(
        req,
        limitedBody(maxBodyBytes, () => bodyTooLarge(maxBodyBytes)),
        outgoing,
        onSent,
      );
  }
}

function bodyTooLarge(maxBodyBytes: number): AppError {
  return new AppError('GATEWAY_BODY_TOO_LARGE', {
    status: 413,
    detail: `the request's body is larger than ${String(maxBodyBytes)} bytes`,
  });
}
