import { StringDecoder } from 'node:string_decoder';
import { ProviderError } from '../provider-error.ts';
import { toProviderError } from './transport-error.ts';
import type { UpstreamReply } from './upstream-exchange.ts';

/** One event of a provider. */
export interface UpstreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html); those that came together
 * are given together. An event that the stream breaks off in is no event.
 *
 * @throws ProviderError
 */
export async function* readEvents(
  { headers, body }: UpstreamReply,
  maxEventBytes: number,
): AsyncGenerator<UpstreamEvent[]> {
  const type = String(headers['content-type'] ?? '');
  if (!type.includes('text/event-stream')) {
    body.cancel();
    throw new ProviderError({ kind: 'protocol', detail: 'the reply is no event stream' });
  }
  const parser = new EventParser(maxEventBytes);
  try {
    for (let bytes = await body.next(); bytes !== undefined; bytes = await body.next()) {
      const events = parser.push(bytes);
      if (events.length > 0) yield events;
    }
  } catch (error) {
    throw toProviderError(error);
  } finally {
    // Also when the reader stops before the end: the provider must not go on for nobody.
    body.cancel();
  }
}

/** Cuts bytes into events. */
export class EventParser {
  readonly #decoder = new StringDecoder('utf8');
  readonly #maxEvent: number;
  #rest = '';
  #event = '';
  #data: string | undefined;

  /** @param maxEvent the longest event, in characters */
  constructor(maxEvent: number) {
    this.#maxEvent = maxEvent;
  }

  push(chunk: Buffer): UpstreamEvent[] {
    const events: UpstreamEvent[] = [];
    const text = this.#rest + this.#decoder.write(chunk);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
      start = end + 1;
      if (line === '') this.#finish(events);
      else this.#field(line);
    }
    this.#rest = text.slice(start);
    if (this.#rest.length + (this.#data?.length ?? 0) > this.#maxEvent) {
      throw new ProviderError({ kind: 'too-large', detail: 'an event of the stream is too large' });
    }
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    if (name !== 'data' && name !== 'event') return;
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'event') this.#event = value;
    else this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }

  #finish(events: UpstreamEvent[]): void {
    if (this.#data !== undefined) events.push({ event: this.#event, data: this.#data });
    this.#event = '';
    this.#data = undefined;
  }
}
