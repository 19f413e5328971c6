import type { Readable } from 'node:stream';
import type { EventSource, EventStreamOptions } from './server-sent-event.ts';

export interface ReplyOptions {
  /** The route's own status by default. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
}

/** A JSON reply with more than a body: another status, or headers. */
export class Reply<T> {
  readonly body: T;
  readonly options: ReplyOptions;

  constructor(body: T, options: ReplyOptions) {
    this.body = body;
    this.options = options;
  }
}

/** A reply without a body. */
export class EmptyReply {
  readonly options: ReplyOptions;

  constructor(options: ReplyOptions) {
    this.options = options;
  }
}

export type StreamSource = Readable | AsyncIterable<Uint8Array | string> | Uint8Array | string;

/** A reply that is not JSON: bytes, at once or as they come. */
export class StreamReply {
  readonly source: StreamSource;
  readonly contentType: string;
  readonly options: ReplyOptions;

  constructor(source: StreamSource, contentType: string, options: ReplyOptions) {
    this.source = source;
    this.contentType = contentType;
    this.options = options;
  }
}

/** A reply of events that come one by one. */
export class EventStreamReply {
  readonly source: EventSource;
  readonly options: EventStreamOptions;

  constructor(source: EventSource, options: EventStreamOptions) {
    this.source = source;
    this.options = options;
  }
}

/** The handler has written, or will write, the reply itself. */
export class OwnReply {}

/** `return reply(body, { status: 201, headers: { location } })` */
export function reply<T>(body: T, options: ReplyOptions = {}): Reply<T> {
  return new Reply(body, options);
}

/** `return empty()`: 204, no body. */
export function empty(options: ReplyOptions = {}): EmptyReply {
  return new EmptyReply({ status: 204, ...options });
}

/** `return stream(bytes, 'application/pdf')`: a source that fails midway breaks the reply off, never ends it cleanly. */
export function stream(source: StreamSource, contentType: string, options: ReplyOptions = {}): StreamReply {
  return new StreamReply(source, contentType, options);
}

/** `return answered()`: the handler uses `res` itself, for what no other reply fits. */
export function answered(): OwnReply {
  return new OwnReply();
}

/** `return events((after, signal) => log.read(after, signal))`: server-sent events, resumable where they have ids. */
export function events(source: EventSource, options: EventStreamOptions = {}): EventStreamReply {
  return new EventStreamReply(source, options);
}
