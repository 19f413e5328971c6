import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { FaultAction } from './fault-plan.ts';

/** Breaks a watch that is open. @returns whether the stream is over. */
export async function breakStream(response: ServerResponse, action: FaultAction): Promise<boolean> {
  switch (action.type) {
    case 'delay':
      await pause(action.ms);
      return false;
    case 'garbage':
      response.write(`${action.text ?? '{"type":"MODI'}\n`);
      return false;
    case 'rewrite':
    case 'freeze':
    case 'drip':
      return false;
    case 'error-event': {
      const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: action.code, reason: action.reason };
      response.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
      return true;
    }
    case 'close':
      response.end();
      return true;
    default:
      act(response, action);
      return true;
  }
}

/** Answers in the place of the API server, or does not answer. */
export function act(response: ServerResponse, action: FaultAction): void {
  switch (action.type) {
    case 'reset':
      reset(response.socket as TLSSocket | null);
      return;
    case 'close':
      response.socket?.end();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end(action.text ?? '<html>502</html>');
      return;
    case 'status': {
      const { code, reason = '', retryAfterSeconds } = action;
      const retryAfter = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      response.writeHead(code, { 'content-type': 'application/json', ...retryAfter });
      response.end(
        JSON.stringify({
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          code,
          reason,
          message: `injected ${code}`,
        }),
      );
      return;
    }
    default:
      // Silence: the socket stays open and nothing is written.
      return;
  }
}

/** Resets the TCP socket below a TLS socket at the moment at which Node destroys it; earlier crashes Node 24. */
function reset(socket: TLSSocket | null): void {
  const raw = (socket as unknown as { readonly _parent?: Socket } | null)?._parent;
  if (!socket || !raw) return;
  const destroy = raw.destroy.bind(raw);
  raw.destroy = (): Socket => {
    raw.destroy = destroy;
    return raw.resetAndDestroy();
  };
  socket.destroy();
}
