import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Deadline } from './deadline.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/** What another service has answered. Its body has to be read, or `discard`ed. */
export class HttpReply {
  readonly status: number;
  /** Names in lower case; the last one of several. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it comes. */
  readonly body: Readable;
  readonly #target: string;
  readonly #deadline: Deadline;

  constructor(
    target: string,
    deadline: Deadline,
    reply: { statusCode: number; headers: Record<string, string | string[] | undefined>; body: Readable },
  ) {
    this.#target = target;
    this.#deadline = deadline;
    this.status = reply.statusCode;
    this.body = reply.body;
    this.headers = Object.fromEntries(
      Object.entries(reply.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? (value.at(-1) ?? '') : (value ?? ''),
      ]),
    );
    this.body.once('close', () => deadline.lift());
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** The whole body. @throws AppError 502 when it is larger than `maxBytes` or breaks off, 504 after the deadline */
  async bytes(maxBytes: number = MAX_BYTES): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of this.body) {
        size += (chunk as Buffer).length;
        if (size > maxBytes)
          throw new AppError('UPSTREAM_TOO_LARGE', {
            status: 502,
            detail: `${this.#target} answered more than ${maxBytes} bytes`,
          });
        chunks.push(chunk as Buffer);
      }
    } catch (error) {
      throw toUpstreamError(error, this.#target, this.#deadline);
    }
    return Buffer.concat(chunks, size);
  }

  /** The body as JSON by `schema`. @throws AppError 502 when the status or the body is not as expected */
  async json<S extends z.ZodType>(schema: S): Promise<z.output<S>> {
    const bytes = await this.bytes();
    if (!this.ok) throw this.#unexpected(`answered ${this.status}`);
    try {
      return schema.parse(JSON.parse(bytes.toString('utf8')));
    } catch (cause) {
      throw this.#unexpected('answered what nobody understands', cause);
    }
  }

  /** Frees the connection without reading the body. */
  discard(): void {
    this.body.on('error', () => undefined);
    this.body.destroy();
  }

  #unexpected(what: string, cause?: unknown): AppError {
    return new AppError('UPSTREAM_FAILED', { status: 502, detail: `${this.#target} ${what}`, cause });
  }
}

/** What a failed call means to the caller of this service. */
export function toUpstreamError(error: unknown, target: string, deadline: Deadline): unknown {
  if (error instanceof AppError) return error;
  if (deadline.passed) {
    return new AppError('UPSTREAM_TIMEOUT', { status: 504, detail: `${target} took too long`, cause: error });
  }
  if (deadline.signal.aborted) return deadline.signal.reason;
  return new AppError('UPSTREAM_UNREACHABLE', { status: 502, detail: `${target} cannot be reached`, cause: error });
}
