/** One event of a stream. */
export interface ServerSentEvent {
  /** By which a client that comes back says where it was. */
  readonly id?: string | number;
  /** `message` where absent. */
  readonly event?: string;
  /** A text is sent as it is, everything else as JSON. */
  readonly data: unknown;
}

/**
 * Where events come from. To be resumable every event has an id, and the source begins after the one of id `after`.
 * The signal aborts when the client has gone or the process stops.
 */
export type EventSource = (after: string | undefined, signal: AbortSignal) => AsyncIterable<ServerSentEvent>;

export interface EventStreamOptions {
  /** `openai` ends with `data: [DONE]`, and words a failure as OpenAI does. */
  readonly format?: 'plain' | 'openai';
  readonly headers?: Readonly<Record<string, string>>;
}

/** Words an event as https://html.spec.whatwg.org/multipage/server-sent-events.html has it. */
export function formatEvent({ id, event, data }: ServerSentEvent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const head =
    (id === undefined ? '' : `id: ${singleLine(id)}\n`) + (event === undefined ? '' : `event: ${singleLine(event)}\n`);
  return `${head}data: ${text.includes('\n') || text.includes('\r') ? text.replace(/\r\n|\r|\n/g, '\ndata: ') : text}\n\n`;
}

function singleLine(value: string | number): string {
  return String(value).replace(/[\r\n\0]/g, ' ');
}
