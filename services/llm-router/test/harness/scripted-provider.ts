import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './json-reply.ts';

/** One request, as it came. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Json;
}

/** A provider's answer: JSON, or the data of events, `pauseMs` apart. */
export type Script = (request: ReceivedRequest) => {
  readonly status?: number;
  readonly json?: unknown;
  readonly bytes?: Buffer;
  readonly contentType?: string;
  readonly events?: readonly (object | string)[];
  readonly pauseMs?: number;
};

/** A provider that says what a test has it say. */
export interface ScriptedProvider {
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

export async function scriptProvider(script: Script): Promise<ScriptedProvider> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const request = { path: req.url ?? '', headers: req.headers, body: text === '' ? undefined : JSON.parse(text) };
      requests.push(request);
      const { status = 200, json, bytes, contentType, events, pauseMs = 0 } = script(request);
      res.writeHead(status, { 'content-type': contentType ?? (events ? 'text/event-stream' : 'application/json') });
      if (events === undefined) return void res.end(bytes ?? JSON.stringify(json));
      void (async () => {
        for (const event of events) {
          const { type } = event as { type?: string };
          const name = typeof type === 'string' ? `event: ${type}\n` : '';
          res.write(`${name}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
          if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
        res.end();
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };

/** A chat's event. */
export function chunk(delta: object, finish: string | null = null): object {
  return { ...head, choices: [{ index: 0, delta, finish_reason: finish }] };
}

/** The last event of a chat, with what it took. */
export function usageChunk(prompt: number, completion: number): object {
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
  return { ...head, choices: [], usage };
}

/** A whole chat completion. */
export function completion(message: object, finish = 'stop'): object {
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
    usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
  };
}

/** Two calls of tools in pieces, after a word. */
export const toolEvents: readonly (object | string)[] = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Let me see.' }),
  chunk({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '"Oslo"}' } }] }),
  chunk({ tool_calls: [{ index: 1, id: 'call_2', type: 'function', function: { name: 'time', arguments: '{}' } }] }),
  chunk({}, 'tool_calls'),
  usageChunk(9, 12),
  '[DONE]',
];
