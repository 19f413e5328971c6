import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '@genai-platform/common';
import type { Logger, UpgradeHandler } from '@genai-platform/common';
import { callOf } from './proxy-requests.ts';
import type { ProxyParts } from './proxy-requests.ts';
import { upstreamError } from './upstream-error.ts';
import { UpgradeRefused } from './web-socket-bridge.ts';
import type { WebSocketBridge } from './web-socket-bridge.ts';

export interface UpgradeParts extends ProxyParts {
  readonly bridge: WebSocketBridge;
  readonly log: Logger;
}

/** Takes WebSockets to paths that a service owns, by the same rules as requests. */
export function proxyUpgrades(parts: UpgradeParts): UpgradeHandler {
  return (req, socket, head) => {
    socket.on('error', () => undefined); // The client has gone; 'close' follows.
    const requestId = randomUUID();
    connect(parts, { req, socket, head, requestId }).catch((error: unknown) => {
      const refusal = refusalOf(error);
      parts.log.info({ request_id: requestId, status: refusal.status, code: refusal.code }, 'upgrade refused');
      refuse(socket, refusal, requestId);
    });
  };
}

interface Upgrade {
  readonly req: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly requestId: string;
}

async function connect(parts: UpgradeParts, { req, socket, head, requestId }: Upgrade): Promise<void> {
  const target = parts.table.find(req.url ?? '/');
  if (target === undefined)
    throw new AppError('ROUTE_UNKNOWN', { status: 404, detail: 'there is nothing at this address' });
  if (req.headers.upgrade?.toLowerCase() !== 'websocket') {
    throw new AppError('UPGRADE_UNKNOWN', { status: 400, detail: 'the only upgrade is to websocket' });
  }
  const { identity, refusal } = await parts.admission.admit(req);
  if (refusal !== undefined) throw refusal;
  const call = await callOf(parts, req, { target, identity, requestId });
  try {
    await parts.bridge.connect(req, socket, head, call);
  } catch (error) {
    throw error instanceof UpgradeRefused ? error : upstreamError(target.service, error);
  }
}

function refusalOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof UpgradeRefused)
    return new AppError('UPGRADE_REFUSED', { status: error.status, detail: error.message });
  return new AppError('INTERNAL', { status: 500, detail: 'something went wrong inside the gateway', cause: error });
}

/** There is no response object for an upgrade: the refusal is written as it stands on the wire. */
function refuse(socket: Duplex, { status, code, detail, headers }: AppError, requestId: string): void {
  const body = JSON.stringify({ title: STATUS_CODES[status], status, detail, code, request_id: requestId });
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    'x-request-id': requestId,
  }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
