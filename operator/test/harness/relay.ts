import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { act, breakStream } from './broken-answer.ts';
import type { Fault, FaultAction, RequestInfo } from './fault-plan.ts';

/** A watch that is being relayed. */
export interface OpenWatch {
  readonly info: RequestInfo;
  readonly response: ServerResponse;
  /** Its lines go nowhere. */
  muted: boolean;
}

/** Relays an answer as a whole, changed as the fault says. */
export async function relayWhole(
  answer: IncomingMessage,
  response: ServerResponse,
  info: RequestInfo,
  action: FaultAction | undefined,
): Promise<void> {
  const body = await readAll(answer);
  const send = (text: Buffer | string): void => {
    response.writeHead(answer.statusCode ?? 502, headersOf(answer)).end(text);
  };
  if (!action) return send(body);
  switch (action.type) {
    case 'notice':
      action.tell();
      return send(body);
    case 'delay':
      await pause(action.ms);
      return send(body);
    case 'rewrite':
      return send(action.with(body.toString(), info));
    case 'drip':
      response.writeHead(answer.statusCode ?? 502, headersOf(answer));
      return drip(body, response, action.bytes);
    default:
      return act(response, action);
  }
}

/** The headers of an answer whose body may be sent otherwise than it came. */
export function headersOf(answer: IncomingMessage): IncomingHttpHeaders {
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
  return headers;
}

async function drip(body: Buffer, response: ServerResponse, bytes: number): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await pause(10);
  }
  response.end();
}

/** Relays a watch line by line, so that a fault can come after a number of lines. */
export async function relayStream(answer: IncomingMessage, watch: OpenWatch, fault: Fault | undefined): Promise<void> {
  const { response } = watch;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  let passed = 0;
  const breaks = (): Promise<boolean> | false =>
    fault !== undefined && (fault.lines ?? 0) === passed && breakStream(response, fault.action);
  if (await breaks()) return;
  for await (const line of linesOf(answer)) {
    // `breakOpen` may have ended the stream meanwhile.
    if (response.writableEnded) return;
    await relayLine(line, watch, fault?.action);
    passed += 1;
    if (await breaks()) return;
  }
  if (!watch.muted) response.end();
}

async function relayLine(line: string, watch: OpenWatch, action: FaultAction | undefined): Promise<void> {
  if (action?.type === 'freeze') await action.gate;
  const text = action?.type === 'rewrite' ? action.with(line, watch.info) : line;
  if (text === '' || watch.muted || watch.response.writableEnded) return;
  if (action?.type === 'drip') await dripLine(text, watch.response, action.bytes);
  else watch.response.write(`${text}\n`);
}

async function dripLine(line: string, response: ServerResponse, bytes: number): Promise<void> {
  for (let at = 0; at < line.length && !response.destroyed; at += bytes) {
    response.write(line.slice(at, at + bytes));
    await pause(10);
  }
  response.write('\n');
}

async function* linesOf(stream: IncomingMessage): AsyncGenerator<string> {
  let pending = '';
  for await (const chunk of stream) {
    const lines = (pending + String(chunk)).split('\n');
    pending = lines.pop() ?? '';
    yield* lines;
  }
}

export async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
