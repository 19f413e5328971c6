import { connect } from 'node:net';
import type pg from 'pg';

const CANCEL_REQUEST_CODE = 80_877_102;

/**
 * Asks the server to cancel what `client` is running (a CancelRequest on a connection of its own; also PgBouncer
 * understands it). Best effort: it never fails, and the statement's own timeout still stands.
 */
export function cancelRunning(client: pg.ClientBase, host: string, port: number): void {
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number | null };
  if (processID === null || secretKey === null) return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(CANCEL_REQUEST_CODE, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const socket = connect(port, host, () => socket.end(message));
  socket.setTimeout(3_000, () => socket.destroy());
  socket.on('error', () => socket.destroy());
}
