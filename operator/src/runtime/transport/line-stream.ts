import type { Dispatcher } from 'undici';
import { ConnectionError } from './api-error.ts';
import type { ApiCall } from './call.ts';
import { receive, send } from './exchange.ts';
import { LineSplitter } from './line-splitter.ts';
import type { IdleOptions } from './watchdog.ts';
import { Watchdog } from './watchdog.ts';

/** The lines of a response that does not end by itself. Ends cleanly when the server ends it. */
export interface LineStream {
  readonly lines: AsyncIterable<string>;
  /** Breaks the connection; the iteration then fails or ends. */
  close(): void;
}

/** Sends a watch request. @throws ApiError, ConnectionError, CallTimeout when no headers come within `idleMs`. */
export async function openLines(
  pool: Dispatcher,
  call: ApiCall,
  headers: Readonly<Record<string, string>>,
  idle: IdleOptions,
): Promise<LineStream> {
  const watchdog = new Watchdog(call, idle);
  try {
    const response = await send(pool, call, headers, watchdog.signal);
    watchdog.feed();
    if (response.statusCode !== 200) return await receive<never>(response, call, idle.clock);
    return {
      lines: readLines(response.body, call, watchdog),
      close: () => {
        watchdog.abort(new ConnectionError(call, new Error('closed')));
      },
    };
  } catch (error) {
    watchdog.end();
    throw error;
  }
}

async function* readLines(body: AsyncIterable<Uint8Array>, call: ApiCall, watchdog: Watchdog): AsyncGenerator<string> {
  const splitter = new LineSplitter(call);
  try {
    for await (const chunk of body) {
      watchdog.feed();
      yield* splitter.push(chunk);
    }
    // What a process wrote last may be what matters most; half an event of a watch is nothing.
    if (call.subresource === 'log') yield* splitter.rest();
  } catch (error) {
    watchdog.signal.throwIfAborted();
    throw error instanceof ConnectionError ? error : new ConnectionError(call, error);
  } finally {
    watchdog.end();
  }
}
