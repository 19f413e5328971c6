import type { ServerResponse } from 'node:http';
import type { ChatRequest } from '../api/chat-schemas.ts';
import type { Batch } from '../routing/routed-stream.ts';

const HEARTBEAT_MS = 15_000;
/** A client that reads nothing for this long is taken for gone. */
const STALL_MS = 60_000;

export const eventStreamHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that buffer (nginx and its kin) would hold events back.
  'x-accel-buffering': 'no',
};

/**
 * Writes events as they come; a slow client slows the provider down instead of filling memory. What the provider says of
 * usage leaves only where it was asked for. Does not end the reply.
 */
export async function writeBatches(
  res: ServerResponse,
  batches: AsyncIterable<Batch>,
  { stream_options: options }: Pick<ChatRequest, 'stream_options'>,
): Promise<void> {
  const withUsage = options?.include_usage === true;
  const heartbeat = setInterval(() => {
    if (!res.writableNeedDrain) res.write(': heartbeat\n\n');
  }, HEARTBEAT_MS);
  try {
    for await (const batch of batches) {
      const text = wording(batch, withUsage);
      if (text === '') continue;
      heartbeat.refresh();
      if (!res.write(text)) await drained(res);
    }
  } finally {
    clearInterval(heartbeat);
  }
}

function wording(batch: Batch, withUsage: boolean): string {
  let text = '';
  for (const event of batch) {
    if (!withUsage && event.value.choices.length === 0 && event.value.usage) continue;
    text += `data: ${event.text}\n\n`;
  }
  return text;
}

/** Resolves when there is room again, or the connection has closed: the request's signal tells the rest then. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => res.destroy(), STALL_MS);
    const done = (): void => {
      clearTimeout(timer);
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.once('drain', done).once('close', done);
  });
}
