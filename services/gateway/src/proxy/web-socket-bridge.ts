import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { RawData } from 'ws';
import type { Call } from './forwarder.ts';

/** RFC 6455 section 7.4.1 and the IANA registry of close codes. */
const CLOSE = { noStatus: 1005, abnormal: 1006, serviceRestart: 1012, badGateway: 1014, tlsHandshake: 1015 } as const;
const MAX_MESSAGE_BYTES = 16 * 1_024 * 1_024;
/** A side that has this much unread keeps the other one from sending. */
const HIGH_WATER_BYTES = 1_024 * 1_024;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const RESUME_CHECK_MS = 10;

/**
 * Connects WebSocket clients with services. Both connections end here, message by message, so that a gateway that stops
 * can close its clients in order (1012: come back at once) in the middle of a conversation.
 */
export class WebSocketBridge {
  readonly #stopping: AbortSignal;

  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
  }

  /**
   * Opens the service's side first: its choice of subprotocol, or its refusal, is what the client gets.
   * @throws the HTTP status and body of a refusal as `UpgradeRefused`, or the error of the connection
   */
  async connect(req: IncomingMessage, socket: Duplex, head: Buffer, call: Call): Promise<void> {
    const service = await openService(req, call);
    const acceptor = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      handleProtocols: () => service.protocol || false,
    });
    acceptor.handleUpgrade(req, socket, head, (client) => this.#join(client, service));
  }

  #join(client: WebSocket, service: WebSocket): void {
    relay(client, service);
    relay(service, client);
    service.resume();
    const onStop = (): void => {
      client.close(CLOSE.serviceRestart, 'the gateway restarts');
      service.close(CLOSE.serviceRestart);
    };
    if (this.#stopping.aborted) onStop();
    this.#stopping.addEventListener('abort', onStop, { once: true });
    client.once('close', () => this.#stopping.removeEventListener('abort', onStop));
  }
}

/** The service's answer to a handshake that it does not want. */
export class UpgradeRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the service refused the upgrade with status ${String(status)}`);
    this.status = status;
  }
}

function openService(req: IncomingMessage, { url, headers }: Call): Promise<WebSocket> {
  const protocols = req.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
  const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('sec-websocket-')));
  const address = new URL(req.url ?? '/', url.replace(/^http/, 'ws'));
  const service = new WebSocket(address, protocols, {
    headers: passed,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    service.once('open', () => {
      // Nothing is read before there is somebody to pass it to.
      service.pause();
      service.off('error', reject);
      resolve(service);
    });
    service.once('error', reject);
    service.once('unexpected-response', (_request, response) => {
      response.resume();
      reject(new UpgradeRefused(response.statusCode ?? 502));
      service.terminate();
    });
  });
}

/** Passes messages, pings and the close from one side to the other, no faster than the other takes them. */
function relay(from: WebSocket, to: WebSocket): void {
  from.on('message', (data: RawData, binary: boolean) => {
    if (to.readyState !== WebSocket.OPEN) return;
    to.send(data, { binary }, () => undefined);
    if (to.bufferedAmount > HIGH_WATER_BYTES) pauseUntilDrained(from, to);
  });
  from.on('error', () => undefined); // 'close' follows, with the code.
  from.on('close', (code, reason) => {
    if (to.readyState === WebSocket.OPEN) to.close(passableCode(code), reason);
  });
}

function pauseUntilDrained(from: WebSocket, to: WebSocket): void {
  from.pause();
  const timer = setInterval(() => {
    if (to.readyState === WebSocket.OPEN && to.bufferedAmount > HIGH_WATER_BYTES) return;
    clearInterval(timer);
    from.resume();
  }, RESUME_CHECK_MS);
}

/** Some codes only describe what happened and may not be sent. */
function passableCode(code: number): number {
  if (code === CLOSE.abnormal || code === CLOSE.tlsHandshake) return CLOSE.badGateway;
  return code === CLOSE.noStatus ? 1000 : code;
}
